"""What man pages have beside the text of Sphinx's man builder: their usual sections, names and references.

A page of docs/c becomes csock_SUBJECT(3), with an alias for every function and type of it: csock_open(3).
"""

import os
import re
import textwrap
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.writers.manpage import ManualPageTranslator

NO_BREAK = "\N{NO-BREAK SPACE}"


def described(app, *kinds):
    """The names of all functions, structs and so on, each with the document that describes it."""
    objects = app.env.get_domain("c").get_objects()
    return {name: document for name, _, kind, document, _, _ in objects if kind in kinds}


def signatures_of(document):
    for description in document.findall(addnodes.desc):
        if description["objtype"] == "function":
            yield next(description.findall(addnodes.desc_signature))


def name_of(signature):
    return next(signature.findall(addnodes.desc_name)).astext()


def parameters_of(signature):
    """Each parameter of a function: its declaration and its name; "(void)" has none."""
    for parameter in signature.findall(addnodes.desc_parameter):
        text = parameter.astext()
        if text != "void":
            yield text, re.search(r"(\w+)(\[.*)?$", text)[1]


def section(title, *content):
    return nodes.section("", nodes.title("", title), *content)


def page(name, number):
    """A reference to a man page."""
    return addnodes.manpage("", "", nodes.strong("", name), nodes.Text(f"({number})"), page=name, section=str(number))


def paragraph(*content):
    return nodes.paragraph("", "", *(nodes.Text(part) if isinstance(part, str) else part for part in content))


# Sections.


def prototype(signature):
    """The declaration of a function in lines of 72 columns: bold, with its parameters in italics."""
    start = signature.astext().partition("(")[0].removeprefix("static inline ")
    parameters = list(parameters_of(signature))
    widest = max((len(text) for text, _ in parameters), default=0)
    fits = len(start) + widest < 70
    declared = ", ".join(text.replace(" ", NO_BREAK) for text, _ in parameters) or "void"
    lines = textwrap.fill(
        f"{start.replace(' ', NO_BREAK)}({'' if fits else ' '}{declared});",
        width=72,
        subsequent_indent=" " * (len(start) + 1 if fits else 8),
        break_long_words=False,
    )
    for _, name in parameters:
        lines = re.sub(rf"(?<=[{NO_BREAK}*]){name}(?=[,)[])", rf"\\fI{name}\\fB", lines)
    return "".join(f"\\fB{line}\\fP\n" for line in lines.replace(NO_BREAK, " ").split("\n"))


def synopsis(header, signatures):
    declarations = "".join(f".sp\n{prototype(signature)}" for signature in signatures)
    text = f".nf\n\\fB#include <csocket/{header}.h>\\fP\n{declarations}.fi\n.sp\nLink with \\fI\\-lcsocket\\fP.\n"
    return section("Synopsis", nodes.raw("", text, format="manpage"))


def return_value(signatures):
    if any("or a failure" in signature.parent.astext() for signature in signatures):
        text = "A negative result is a failure. ", page("csock_status", 3), " describes its domain and its code."
        yield section("Return value", paragraph(*text))


def see_also(app, document):
    """The man pages that a page mentions, and the overview; in the overview, all pages."""
    own = {docname: (str(number), name) for docname, name, _, _, number in app.config.man_pages}
    functions = {("3", name): own[docname] for name, docname in described(app, "function").items()}
    names = {(node["section"], node["page"]) for node in document.findall(addnodes.manpage)}
    names = {functions.get(name, name) for name in names} | {("7", "csocket")}
    if document["page"] == ("7", "csocket"):
        names |= {*own.values()}
    names = sorted(names - {document["page"]})
    links = [node for number, name in names for node in (", ", page(name, number))]
    return section("See also", paragraph(*links[1:]))


def arrange(app, document):
    """Put the text of a page into the sections that man pages have."""
    top = next(document.findall(nodes.section))
    text = [node for node in top[1:] if not isinstance(node, nodes.section)]
    chapters = [node for node in top[1:] if isinstance(node, nodes.section)]
    signatures = list(signatures_of(document))
    number, name = document["page"]
    if not document["summary"]:
        summary = text.pop(0).astext().replace("\n", " ").rstrip(".")
        document["summary"] = re.sub("^[A-Z](?=[a-z])", lambda first: first[0].lower(), summary)
    document["names"] = list(dict.fromkeys([name, *map(name_of, signatures)]))
    top[1:] = [
        synopsis(name.removeprefix("csock_"), signatures),
        section("Description", *text),
        *return_value(signatures),
        *chapters,
    ]
    top += see_also(app, document)


# Text.


def name_links(app, document):
    """Turn links into names: that of a man page for a header, or for a function of another page."""
    functions = described(app, "function")
    for link in [link for link in document.findall(nodes.reference) if link.get("internal")]:
        name = link.astext().removesuffix("()")
        if header := re.fullmatch(r"(?:csocket/)?(\w+)\.h", name):
            link.replace_self(page(f"csock_{header[1]}", 3))
        elif name in functions and "refuri" in link:
            link.replace_self(page(name, 3))
        else:
            link.replace_self(link.children)
    for other in list(document.findall(addnodes.manpage)):
        other.replace_self(page(other["page"], other["section"]))


def shorten_signatures(document):
    """The synopsis has the types of a function's parameters."""
    for signature in signatures_of(document):
        names = (nodes.emphasis("", name) for _, name in parameters_of(signature))
        listed = [node for name in names for node in (nodes.Text(", "), name)]
        signature[:] = [nodes.strong("", name_of(signature)), nodes.Text("("), *listed[1:], nodes.Text(")")]
    for description in document.findall(addnodes.desc):
        if description["objtype"] in ("enumerator", "type"):
            del next(description.findall(addnodes.desc_signature_line))[:2]  # this word, and a space


def definitions(rows):
    """A list of terms, each with its text."""
    items = [
        nodes.definition_list_item("", nodes.term("", "", *term), nodes.definition("", *text))
        for term, text in rows
    ]
    return nodes.definition_list("", *items)


def list_fields(document):
    """Parameters are the terms of a list, and what a function returns is a sentence."""
    for fields in list(document.findall(nodes.field_list)):
        new = []
        for title, body in fields:
            paragraphs = list(body.findall(nodes.paragraph))
            if title.astext() == "Returns":
                new.append(paragraph("Returns ", *paragraphs[0], "."))
            else:
                new.append(definitions(([line[0]], [paragraph(*line[2:])]) for line in paragraphs))
        fields.replace_self(new)


def list_tables(document):
    """A table of two columns is a list of terms too."""
    for table in list(document.findall(nodes.table)):
        rows = [row.children for row in next(table.findall(nodes.tbody))]
        if all(len(row) == 2 for row in rows):
            table.replace_self(definitions((term[0].children, text.children) for term, text in rows))


def fit_code(document):
    for block in document.findall(nodes.literal_block):
        block[:] = [nodes.Text(block.astext().expandtabs(4))]


def finish(app, document, docname):
    if app.builder.name == "man":
        ((_, name, summary, _, number),) = [man for man in app.config.man_pages if man[0] == docname]
        document["page"], document["summary"] = (str(number), name), summary
        name_links(app, document)
        list_fields(document)
        list_tables(document)
        fit_code(document)
        arrange(app, document)
        shorten_signatures(document)


class Translator(ManualPageTranslator):
    """Names are not broken, and lines are not stretched."""

    def header(self):
        number, name = self.document["page"]
        names = textwrap.fill(", ".join(self.document["names"]), width=80)
        return (
            f'.TH {name} {number} "{self._docinfo["date"]}" "libcsocket {self._docinfo["version"]}"\n'
            f".nr HY 0\n.nh\n.ad l\n.SH NAME\n{names} \\- {self.document['summary']}\n"
        )

    def astext(self):
        return re.sub(r"^(\.S[HS] .*\n)\.sp\n", r"\1", super().astext(), flags=re.MULTILINE)

    def depart_desc_signature_line(self, node):
        pass

    def visit_desc(self, node):
        """Between fields, and between enumerators, there are no empty lines."""
        first = next(other for other in node.parent if isinstance(other, addnodes.desc))
        if node["objtype"] in ("member", "enumerator") and node is not first:
            self.body.append(".PD 0\n")
        super().visit_desc(node)

    def depart_desc(self, node):
        super().depart_desc(node)
        if node["objtype"] in ("member", "enumerator"):
            self.body.append(".PD\n")


def write_aliases(app, exception):
    if app.builder.name == "man" and not exception:
        pages = {docname: name for docname, name, _, _, _ in app.config.man_pages}
        for name, document in described(app, "function", "struct", "enum", "type").items():
            if name not in pages.values():
                Path(app.outdir, "man3", f"{name}.3").write_text(f".so man3/{pages[document]}.3\n")
        for folder in Path(app.outdir).glob("man?"):
            os.utime(folder)  # for meson, to which a folder is as new as its list of files


def setup(app):
    app.connect("doctree-resolved", finish)
    app.connect("build-finished", write_aliases)
    app.set_translator("man", Translator)
    return {"parallel_read_safe": True}
