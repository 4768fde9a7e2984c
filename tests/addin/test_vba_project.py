from __future__ import annotations

import io
import random
import re

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vba_reader import decompressed, vba_sources

from addin.build import HERE, addin_file, modules, project
from addin.compound_file import compound_file
from addin.ovba import WORKBOOK, Module, code_module, compress, document_module, vba_project

SOURCES = {path.stem: path.read_text("ascii") for path in (HERE / "vba").glob("*.bas")}
SUBS = [
    "OnAbout", "OnAddRow", "OnApprove", "OnCheck", "OnDrillDown", "OnHelp", "OnHoldReview", "OnOpenFolder",
    "OnRefresh", "OnSummary",
]  # fmt: skip


@pytest.mark.parametrize("language", ["nl", "en"])
def test_olevba_reads_the_sources_back_letter_by_letter(language):
    found = vba_sources(addin_file(language))
    assert {name: found[name] for name in SOURCES} == SOURCES
    assert found.keys() - SOURCES.keys() == {"AccountplanTexts", "ThisWorkbook", "Sheet1"}
    assert found["AccountplanTexts"].startswith('Attribute VB_Name = "AccountplanTexts"\nOption Explicit\n')
    assert f'Public Const TEXT_LANGUAGE As String = "{language}"' in found["AccountplanTexts"]


def test_olevba_finds_the_sub_of_every_button():
    text = vba_sources(addin_file("nl"))["AccountplanButtons"]
    assert sorted(re.findall(r"^Public Sub (\w+)\(control As IRibbonControl\)$", text, re.MULTILINE)) == SUBS


def test_every_sub_of_a_button_holds_one_line_and_that_line_starts_python():
    bodies = re.findall(
        r"^Public Sub \w+\([^\n]*\)\n(.*?)^End Sub$", SOURCES["AccountplanButtons"], re.MULTILINE | re.DOTALL
    )
    assert len(bodies) == len(SUBS)
    assert all(re.fullmatch(r' {4}RunPython "[a-z_]+"\n', body) for body in bodies)


def test_every_sentence_of_vba_is_plain_ascii_and_fits_a_line_of_vba():
    for language in ("nl", "en"):
        for module in modules(language):
            assert module.text.isascii()
            assert max(map(len, module.text.splitlines())) < 1023  # the longest line that VBA takes


def test_the_launcher_says_only_sentences_that_are_made_for_it():
    made = set(re.findall(r"Public Const (\w+)", modules("nl")[-1].text))
    assert set(re.findall(r"\bTEXT_\w+", "".join(SOURCES.values()))) == made


def test_a_quote_in_a_sentence_is_doubled(monkeypatch):
    from addin import build

    monkeypatch.setattr(build, "say", lambda code, language: 'say "ah"')
    assert 'Public Const TEXT_BLOCKED As String = "say ""ah"""' in build.sentences("nl")


def test_the_streams_are_those_of_a_project_without_compiled_code():
    streams = olefile.OleFileIO(io.BytesIO(project(modules("nl"), sheets=2)))
    assert sorted("/".join(name) for name in streams.listdir()) == [
        "PROJECT",
        "PROJECTwm",
        "VBA/AccountplanButtons",
        "VBA/AccountplanLauncher",
        "VBA/AccountplanTexts",
        "VBA/AccountplanWords",
        "VBA/Sheet1",
        "VBA/Sheet2",
        "VBA/ThisWorkbook",
        "VBA/_VBA_PROJECT",
        "VBA/dir",
    ]
    # cc61 ffff 00 0000: no version of VBA, so every Excel compiles the text itself
    assert streams.openstream("VBA/_VBA_PROJECT").read().hex() == "cc61ffff000000"
    listed = streams.openstream("PROJECT").read().decode("cp1252").splitlines()
    assert listed[1:9] == [
        "Document=ThisWorkbook/&H00000000",
        "Document=Sheet1/&H00000000",
        "Document=Sheet2/&H00000000",
        "Module=AccountplanButtons",
        "Module=AccountplanLauncher",
        "Module=AccountplanWords",
        "Module=AccountplanTexts",
        'Name="Accountplan"',
    ]


@pytest.mark.parametrize(("field", "plain"), [("CMG", "00000000"), ("DPB", "00"), ("GC", "ff")])
def test_the_project_is_not_protected_has_no_password_and_is_visible(field, plain):
    text = olefile.OleFileIO(io.BytesIO(project(modules("nl"), sheets=1))).openstream("PROJECT").read().decode("cp1252")
    hidden = bytes.fromhex(re.search(rf'^{field}="([0-9A-F]+)"', text, re.MULTILINE)[1])
    identity = re.search(r'^ID="(.+)"', text, re.MULTILINE)[1]
    # MS-OVBA 2.4.3.3, read back step by step
    seed, version, key = hidden[0], hidden[0] ^ hidden[1], hidden[0] ^ hidden[2]
    assert (version, key) == (2, sum(identity.encode()) & 0xFF)
    before_last, last, known, read = hidden[1], hidden[2], key, bytearray()
    for byte in hidden[3:]:
        known = byte ^ (before_last + known & 0xFF)
        before_last, last = last, byte
        read.append(known)
    data = bytes(read[(seed & 6) // 2 :])
    assert int.from_bytes(data[:4], "little") == len(data[4:])
    assert data[4:].hex() == plain


@given(st.text(st.sampled_from("ab Sub\r\n"), max_size=9000))
def test_what_is_compressed_comes_back(text):
    assert decompressed(compress(text.encode())) == text.encode()


def test_a_whole_chunk_of_noise_is_stored_as_it_is_and_comes_back():
    noise = random.Random(1).randbytes(4096)
    assert compress(noise) == b"\x01\xff\x3f" + noise
    assert decompressed(compress(noise)) == noise


def test_the_third_example_gets_as_short_as_the_specification_says_and_comes_back():
    text = b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa"
    assert len(compress(text)) == 51  # MS-OVBA 3.2.2; which of two equal copies is taken is free
    assert decompressed(compress(text)) == text


def test_the_examples_of_the_specification_are_compressed_as_it_says():
    # MS-OVBA 3.2.1 and 3.2.3
    assert compress(b"abcdefghijklmnopqrstuv.").hex() == ("0119b000616263646566676800696a6b6c6d6e6f70007172737475762e")
    assert compress(b"a" * 73).hex() == "0103b002614500"


@given(
    st.dictionaries(
        st.text(st.sampled_from("abXY_1"), min_size=1, max_size=31), st.binary(max_size=9000), min_size=1, max_size=40
    )
)
def test_every_stream_of_a_compound_file_comes_back_at_any_size(streams):
    unique = {name.upper(): content for name, content in streams.items()}  # names differ by more than case
    read = olefile.OleFileIO(io.BytesIO(compound_file({**unique, "Folder/inside": b"x"})), raise_defects=10)
    assert {"/".join(path) for path in read.listdir()} == {*unique, "Folder/inside"}
    assert all(read.openstream([name]).read() == content for name, content in unique.items())


def test_a_compound_file_over_many_allocation_sectors_comes_back():
    big = bytes(range(256)) * 4096  # 1 MB: 16 sectors of allocation table
    read = olefile.OleFileIO(io.BytesIO(compound_file({"big": big, "small": b"s"})), raise_defects=10)
    assert read.openstream(["big"]).read() == big
    assert read.openstream(["small"]).read() == b"s"


@pytest.mark.parametrize(
    ("made", "why"),
    [
        (lambda: code_module("Sub X()\nEnd Sub\n"), "first line"),
        (lambda: code_module(f'Attribute VB_Name = "{"A" * 32}"\n'), "at most 31"),
        (lambda: Module("A", "' é").stored, "ASCII"),
        (lambda: vba_project([Module("Plan", "")], "PLAN"), "names of their own"),
        (lambda: vba_project([Module("A", ""), document_module("a", WORKBOOK)], "P"), "names of their own"),
        (lambda: compound_file({"A" * 32: b""}), "longer than 31"),
        (lambda: compound_file({"A": bytes(8_000_000)}), "too much"),
        (lambda: compress(random.Random(1).randbytes(4000)), "cannot be text"),
    ],
)
def test_what_excel_would_not_take_is_refused(made, why):
    with pytest.raises(ValueError, match=why):
        made()
