"""A small district with a word of its own planted in each kind of staff matter.

Every word begins with `kanari`, so that one look for that beginning finds any of them.
"""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pikepdf
from PIL import Image

from tests.data.authors import Person, commit, git
from tests.data.self_assessment import QUESTIONS
from tests.exemplars import CLIP, ROWS, draw, notes
from tests.exemplars import TEXT as EXEMPLAR
from tests.sites import TINY, Source, copy

EVERY = "kanari"
#: The kinds, with the word of each. `SEEN` are those that readers of the staff edition can meet.
SEEN = {
    "page text": "kanariamo",
    "page title": "kanaribelu",
    "file name": "kanaricopi",
    "folder name": "kanaridara",
    "record id": "kanariefto",
    "record title": "kanarifumi",
    "record field": "kanarigoza",
    "record text": "kanarihulo",
    "table row": "kanariimbe",
    "cell of a staff row in a public table": "kanarijoka",
    "span": "kanarikepo",
    "block": "kanarilumo",
    "staff record on a public page": "kanarimiso",
    "included text": "kanarinopa",
    "picture's file name": "kanarioreb",
    "words for a picture": "kanaripilu",
    "annotation": "kanariquen",
    "captions": "kanarirosi",
    "chapter": "kanarisaba",
    "commentary": "kanaritofu",
    "address of a link": "kanariubel",
    "mailbox of a role": "kanarivoto",
    "decision": "kanariwila",
    "session": "kanarixeno",
    "evidence": "kanariyump",
    "hidden spelling of a word": "kanariaqui",
    "question of a self-assessment": "kanaribrok",
    "step of a protocol": "kanariclem",
    "place of a session": "kanaridrum",
    "label": "kanarigrum",
}
UNSEEN = {
    "comment": "kanarihefe",
    "comment on a staff page": "kanariinka",
    "front matter": "kanarijubi",
    "EXIF of a picture": "kanariklop",
    "notes of a PDF": "kanarilips",
    "title of a PDF": "kanariflap",
    "consent reference": "kanarimumm",
    "cell of a workbook": "kanarinick",
    "author": "kanariobst",
    "file that no page shows": "kanaripumm",
    "note of a reading": "kanarizora",
    "exception of a gap": "kanariquak",
}
ALL = {**SEEN, **UNSEEN}
WRITER = Person(f"Mx {ALL['author'].title()}", f"{ALL['author']}@people.example")
PUBLIC = (
    "index.md",
    "vision/index.md",
    "vision/talk.md",
    "glossary/index.md",
    "protocols/index.md",
    "exemplars/index.md",
    "exemplars/ferry/index.md",
)


def district(root: Path) -> Source:
    """The tiny district in a repository: public pages, and a canary in all that is staff."""
    source = copy(TINY, root / "source")
    _public_exemplar(source)
    for page in PUBLIC:
        source.write(page, f"---\nedition: public\n---\n{source.read(page)}")
    _home(source)
    _public_pages(source)
    _school(source)
    _staff_exemplar(source)
    _staff_records(source)
    git(root, "init", "--quiet")
    commit(root, WRITER)
    return source


def _public_exemplar(source: Source) -> None:
    folder = source.root / "exemplars" / "ferry"
    source.write("exemplars/ferry/index.md", EXEMPLAR)
    source.write("exemplars/ferry/work.annotations.json", notes())
    draw(folder / "work.png", (400, 320))
    for path in CLIP.glob("talk.*"):
        if path.suffix != ".mp4":
            (folder / path.name).write_bytes(path.read_bytes())
    source.append("exemplars/index.md", "\n:::{toctree}\n:hidden:\nferry/index\n:::\n")


def _home(source: Source) -> None:
    w = ALL
    source.replace(
        "index.md",
        "- [The school](schools/pier/index.md)\n",
        "- {staff}`[The school](schools/pier/index.md)`\n",
    )
    folder, page = w["folder name"], w["file name"]
    source.replace("index.md", "learning/index\n", f"learning/index\n{folder}/{page}\n")
    source.append(
        "index.md",
        f"\nWelcome to the pier{{staff}}`, the key hangs by the {w['span']}`.\n\n"
        f"% ask the {w['comment']} first\n\n"
        f":::{{staff}}\nSay who brings the {w['block']}.\n:::\n",
    )


def _public_pages(source: Source) -> None:
    """Staff matter within public pages and tables."""
    w = ALL
    source.replace(
        "vision/index.md",
        ":id: ROLE_HEAD\n",
        f":id: ROLE_HEAD\n:contact: {w['mailbox of a role']}@tern-rock.example\n",
    )
    source.append(
        "vision/index.md",
        "\n:::{role} Night watch\n:id: ROLE_WATCH\n:status: filled\n:edition: staff\n\n"
        f"Keeps the {w['staff record on a public page']} lit.\n:::\n",
    )
    source.write(
        "vision/standards.csv",
        "id,title,kind,short,code,part_of,identifier,notes,edition\n"
        "STD_COUNT,Count on,smp,,,,,,public\n"
        f"STD_TEN,Count tens,smp,,,,,{w['cell of a staff row in a public table']},\n",
    )
    source.append("vision/index.md", "\n:::{standard-table}\n:::\n")


def _school(source: Source) -> None:
    """A school with plan, sessions, evidence and readings: all of it staff."""
    w = ALL
    head, row = source.read("learning/sessions.csv").rstrip("\n").split("\n")
    second = row.replace("SES_OPENING", "SES_CLOSED").replace("Bring a hat.", "")
    second = second.replace("Opening day, on the pier", f"Talks of {w['session']}")
    source.write(
        "learning/sessions.csv",
        f"{head},place\n{row},\n{second},The {w['place of a session']} room\n",
    )
    source.append(
        "learning/index.md",
        "\n:::{decision} Pay the boatman\n:id: DEC_BOATMAN\n:owner: ROLE_HEAD\n"
        ":stage: STAGE_SET\n:reviewed: 2030-08-20\n:date: 2030-06-11\n:body: Island council\n"
        f":affects: OBJ_TALK\n\nThe {w['decision']} is paid by the tide.\n:::\n",
    )
    source.append(
        "schools/pier/plan.csv",
        f"ACT_PIER_04,Row of {w['table row']},KR_EXPLAIN,,ROLE_HEAD,,planned,,,,,,\n",
    )
    source.write(
        "schools/pier/evidence.csv",
        "date,action,objective,at,kind,seen,by\n"
        f"2030-10-01,ACT_PIER_01,,,look-for,Students drew a {w['evidence']}.,ROLE_HEAD\n",
    )
    source.write(
        "progress/readings.csv",
        "key_result,at,date,value,note\n"
        f"KR_EXPLAIN,,2030-10-01,7,Counted by the {w['note of a reading']}.\n",
    )
    source.append("progress/index.md", "\n:::{key-results}\n:::\n")
    source.write(
        "progress/exceptions.csv",
        "rule,record,about,reason,approved_by,until\n"
        "measure,OBJ_TALK,,"
        f"Agreed with the {w['exception of a gap']},Council,2030-12-01\n",
    )


def _staff_exemplar(source: Source) -> None:
    w = ALL
    folder, name = "exemplars/hut", w["picture's file name"]
    page = EXEMPLAR.replace("EX_FERRY", "EX_HUT").replace("Seats on the ferry", "In the hut")
    page = page.replace("work.png", f"{name}.jpg").replace(
        "Student A's page. Two boxes", f"A {w['words for a picture']} with two boxes"
    )
    source.write(f"{folder}/index.md", page)
    parts = [(f"Moves the {w['annotation']}.", "xywh=percent:10,10,30,20")]
    source.write(
        f"{folder}/{name}.annotations.json", notes(parts).replace("work.png", f"{name}.jpg")
    )
    for track, word in (
        ("captions", w["captions"]),
        ("chapters", w["chapter"]),
        ("commentary", w["commentary"]),
    ):
        text = (CLIP / f"talk.{track}.vtt").read_text("utf-8")
        lines = text.split("\n")
        lines[3] = f"{lines[3]} {word}"
        source.write(f"{folder}/talk.{track}.vtt", "\n".join(lines))
    for ending in ("webm", "poster.png"):
        (source.root / folder / f"talk.{ending}").write_bytes(
            (CLIP / f"talk.{ending}").read_bytes()
        )
    said = Image.Exif()
    said[0x010E] = f"Taken by {w['EXIF of a picture']}"
    Image.new("RGB", (400, 320), "white").save(source.root / folder / f"{name}.jpg", exif=said)
    source.replace("exemplars/index.md", "ferry/index\n", "ferry/index\nhut/index\n")


def _staff_records(source: Source) -> None:
    w, picture = ALL, "picture's file name"
    folder, page = w["folder name"], w["file name"]
    source.write(f"{folder}/included.txt", f"Taken in from the {w['included text']}.\n")
    source.write(f"{folder}/unused.txt", f"No page shows the {w['file that no page shows']}.\n")
    source.write(
        f"{folder}/questions.toml",
        QUESTIONS.replace(
            "The pilot hears them.", f"The {w['question of a self-assessment']} hears them."
        ),
    )
    source.write(
        "consent.csv",
        f"{ROWS}"
        f"exemplars/hut/talk.webm,clip,{w['consent reference']}-7,staff,2030-08-01,2031-07-31,\n"
        f"exemplars/hut/{w[picture]}.jpg,student work,F-14,staff,2030-08-01,2031-07-31,\n",
    )
    source.write(
        f"{folder}/{page}.md",
        f"---\ndescription: Of the {w['front matter']}\n---\n"
        f"# The {w['page title']} room\n\nHere the {w['page text']} is kept. See the\n"
        f"[list](https://{w['address of a link']}.example/list).\n\n"
        f"% the {w['comment on a staff page']} is not to be named\n\n"
        f"({w['label']})=\n## Much of it\n\n"
        ":::{include} included.txt\n:::\n\n"
        "{download}`The list <list.pdf>`\n\n"
        f":::{{term}} Of the {w['record title']}\n:id: TERM_{w['record id'].upper()}\n"
        f":also: {w['hidden spelling of a word']}\n:owner: ROLE_HEAD\n:stage: STAGE_SET\n"
        ":audiences: teacher\n:reviewed: 2030-08-20\n:aligns_with: STD_ARGUE\n\n"
        f"A word for {w['record text']}.\n:::\n\n"
        ":::{decision} Keep it\n:id: DEC_KEEP\n:owner: ROLE_HEAD\n:stage: STAGE_SET\n"
        ":reviewed: 2030-08-20\n:date: 2030-06-11\n"
        f":body: Council of {w['record field']}\n:affects: OBJ_TALK\n\nIt stays.\n:::\n\n"
        ":::{toctree}\n:hidden:\nask\nmeet\n:::\n",
    )
    source.write(f"{folder}/ask.md", "# How are we?\n\n:::{self-assessment}\n:::\n")
    source.write(
        f"{folder}/meet.md",
        "# Meet\n\n:::{protocol}\n:id: PRO_MEET\n:kind: leadership\n:minutes: 10\n"
        ":owner: ROLE_HEAD\n:stage: STAGE_SET\n:audiences: teacher\n:reviewed: 2030-08-20\n"
        ":strengthens: SUB_TABLE\n\nMeet by the sea.\n:::\n\n"
        f"::::{{steps}}\n:::{{step}} Call the {w['step of a protocol']}\n:minutes: 10\n\n"
        "Call it.\n:::\n::::\n",
    )
    made = pikepdf.new()
    made.add_blank_page()
    made.docinfo["/Subject"] = w["notes of a PDF"]
    made.docinfo["/Title"] = w["title of a PDF"]
    made.save(source.root / folder / "list.pdf")
    book = openpyxl.Workbook()
    book.active["A1"] = w["cell of a workbook"]
    book.save(source.root / folder / "book.xlsx")


def everything_said(root: Path) -> str:
    """What the source says in files that are text: every canary but those in packed files."""
    texts = [path.relative_to(root).as_posix() for path in root.rglob("*")]
    for path in root.rglob("*"):
        if path.suffix in (".md", ".csv", ".txt", ".vtt", ".json", ".toml"):
            texts.append(path.read_text("utf-8"))
    return json.dumps(texts, ensure_ascii=False).casefold()
