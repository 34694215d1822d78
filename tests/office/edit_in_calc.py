"""Edit a workbook with LibreOffice Calc: run by a Python that has `uno`, told what to do by JSON.

Standard input: {"soffice": program, "open": file, "save": file, "do": [[what, ...], ...]}. It does
what a person does at the screen, and prints what it was asked to read as JSON.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import uno  # type: ignore
from com.sun.star.beans import PropertyValue  # type: ignore
from com.sun.star.connection import NoConnectException  # type: ignore

#: How Calc calls the forms a file may have.
FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xls": "MS Excel 97",
    ".ods": "calc8",
    ".csv": "Text - txt - csv (StarCalc)",
}


def option(name: str, value: Any) -> Any:
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def connect(pipe: str, seconds: float = 90) -> Any:
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", here
    )
    deadline = time.monotonic() + seconds
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def do(document: Any, what: str, place: str, *more: Any) -> Any:
    sheet_name, _, ref = place.partition("!")
    sheet = document.Sheets.getByName(sheet_name)
    if what == "type":  # as at the keyboard: what looks like a date becomes one
        sheet.getCellRangeByName(ref).FormulaLocal = more[0]
    elif what == "paste":  # text as it is, line ends and all
        sheet.getCellRangeByName(ref).String = more[0]
    elif what == "clear":
        sheet.getCellRangeByName(ref).clearContents(1 | 2 | 4 | 16)
    elif what == "unprotect":
        sheet.unprotect("")
    elif what == "insert row":
        sheet.Rows.insertByIndex(int(ref) - 1, 1)
    elif what == "delete row":
        sheet.Rows.removeByIndex(int(ref) - 1, 1)
    elif what == "hide row":
        sheet.Rows.getByIndex(int(ref) - 1).IsVisible = False
    elif what == "hide column":
        sheet.Columns.getByName(ref).IsVisible = False
    elif what == "merge":
        sheet.getCellRangeByName(ref).merge(True)
    elif what == "format":  # the code of a number format
        formats = document.NumberFormats
        locale = uno.createUnoStruct("com.sun.star.lang.Locale")
        key = formats.queryKey(more[0], locale, False)
        key = key if key >= 0 else formats.addNew(more[0], locale)
        sheet.getCellRangeByName(ref).NumberFormat = key
    elif what == "sort":  # by the column that holds this cell, downwards from row 2
        area = sheet.getCellRangeByName(ref)
        field = uno.createUnoStruct("com.sun.star.table.TableSortField")
        field.Field, field.IsAscending = more[0], False
        area.sort((option("SortFields", uno.Any("[]com.sun.star.table.TableSortField", (field,))),))
    elif what == "read":
        return sheet.getCellRangeByName(ref).String
    elif what == "protected":
        return sheet.isProtected()
    elif what == "choices":
        rule = sheet.getCellRangeByName(ref).Validation
        return [rule.Type.value, rule.getFormula1(), rule.ErrorAlertStyle.value]
    else:
        raise ValueError(what)
    return None


def main() -> None:
    told = json.load(sys.stdin)
    with tempfile.TemporaryDirectory(prefix="calc-") as profile:
        pipe = Path(profile).name
        office = subprocess.Popen(
            [
                told["soffice"],
                "--headless",
                "--invisible",
                "--norestore",
                "--nologo",
                f"-env:UserInstallation={Path(profile).as_uri()}",
                f"--accept=pipe,name={pipe};urp;",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # soffice starts another program: both must end
        )
        try:
            context = connect(pipe)
            desktop = context.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", context
            )
            document = desktop.loadComponentFromURL(
                Path(told["open"]).as_uri(), "_blank", 0, (option("Hidden", True),)
            )
            said = [do(document, *step) for step in told["do"]]
            save = Path(told["save"])
            document.storeToURL(save.as_uri(), (option("FilterName", FILTERS[save.suffix]),))
            document.close(True)
            print(json.dumps(said))
            desktop.terminate()
            office.wait(30)
        finally:
            if office.poll() is None:
                os.killpg(office.pid, signal.SIGKILL)
                office.wait()


if __name__ == "__main__":
    main()
