"""What pages may use here: the kit's list, the model's records, what the maintainer adds."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.config import Config

from living_manual.core.allowed import Allowed, allow
from living_manual.core.finding import finding
from living_manual.core.markdown import EXTENSIONS, MORE_EXTENSIONS, NO_SYNTAX
from living_manual.core.safe_links import SCHEMES
from living_manual.sphinx_ext.needs import model_of
from living_manual.sphinx_ext.reporting import report

#: Settings of MyST that conf.py may set; others change how a page is read, or what it may reach.
MYST = frozenset(
    "myst_enable_extensions myst_disable_syntax myst_heading_anchors myst_words_per_minute "  # noqa: SIM905
    "myst_links_external_new_tab myst_footnote_transition myst_footnote_sort".split()
)


def allowed_of(app: Sphinx) -> Allowed:
    """What a page may use."""
    types = model_of(app.config).types
    allowed, _ = allow(types, app.config.manual_allow, app.config.myst_enable_extensions)
    return allowed


def keep_markdown(app: Sphinx, config: Config) -> None:
    """Pages are read as the check reads them, whatever conf.py says; the rest is told."""
    asked = {str(name) for name in config.myst_enable_extensions}
    wrong = [
        f"myst_enable_extensions: {name}" for name in sorted(asked - EXTENSIONS - MORE_EXTENSIONS)
    ]
    wrong += [
        name for name in sorted(config._raw_config) if name.startswith("myst_") and name not in MYST
    ]
    _, refused = allow((), config.manual_allow)
    wrong += [f"manual_allow: {entry}" for entry in refused]
    for each in wrong:
        report(
            app,
            finding(
                "settings-value",
                f"conf.py may not set {each}.",
                "docs/safe-content.md says what can be switched on. Take it out.",
                "conf.py",
            ),
        )
        name = each.partition(":")[0]
        if name not in MYST and name != "manual_allow":
            config[name] = config.values[name].default
    config["myst_enable_extensions"] = {*EXTENSIONS, *(asked & MORE_EXTENSIONS)}
    config["myst_url_schemes"] = sorted(SCHEMES - {"project"})  # that one is MyST's own
    config["myst_disable_syntax"] = sorted({*config.myst_disable_syntax, *NO_SYNTAX})


def setup_content(app: Sphinx) -> None:
    """`manual_allow` names what pages may use beyond the kit's list: see docs/safe-content.md."""
    app.add_config_value("manual_allow", [], "env", [list, tuple])
    app.connect("config-inited", keep_markdown, priority=110)
