"""People with accounts: what each may do, who may be what, and what is written down about it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from entente.node.attempts import PasswordExpired, SignInRefused
from entente.node.passwords import (
    PasswordGuessable,
    PasswordTooLong,
    PasswordTooShort,
    PasswordUnchanged,
    WeakPassword,
    check_password,
    is_outdated,
    is_right,
    make_kept,
    one_time_password,
)
from entente.node.people import (
    LastAdministrator,
    NameTaken,
    NoRole,
    NoSuchPerson,
    OfficerTaken,
    Person,
    UnfitName,
    UnfitTitle,
    UnknownLanguage,
    UnknownOfficer,
    add_person,
    change_password,
    change_roles,
    disable,
    enable,
    people,
    person,
    reset_password,
    set_language,
    set_officer,
)
from entente.node.roles import ADMINISTRATOR, PERMISSIONS, ROLES, Forbidden, permissions_of
from entente.node.signing_in import session_of, sign_in
from entente.node.work import Node
from entente.vocabulary import UnknownWord, house_vocabulary, phrasebook
from node.people_given import GOOD, OFFICERS, Clock, all_bytes, facts, hash_fast, node_at, somebody

MINIMUM_ARGON2 = {"m": 65536, "t": 3, "p": 4}


@pytest.fixture
def node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Node]:
    hash_fast(monkeypatch)
    with node_at(tmp_path / "cbp", Clock()) as opened:
        yield opened


def test_every_role_and_permission_is_a_word_and_nothing_else_is() -> None:
    words = house_vocabulary()
    assert tuple(words.list("role").terms) == tuple(words.list("role-work").terms) == ROLES
    assert words.list("permission").terms.keys() == PERMISSIONS.keys()
    assert frozenset().union(*PERMISSIONS.values()) == set(ROLES)


def test_an_administrator_reads_no_record_and_whoever_releases_imports_nothing() -> None:
    assert not permissions_of([ADMINISTRATOR]) & {"read-own", "read-received", "export", "release", "read-accesses"}
    assert not permissions_of(["releasing-officer"]) & {"read-received", "import", "export", "manage-people"}
    assert not permissions_of(["privacy-officer"]) & {"release", "import", "review-findings", "manage-people"}


@pytest.mark.parametrize("role", ["liaison", "secretariat"])
def test_liaison_and_secretariat_read_agreements_and_figures_and_no_record(role: str) -> None:
    assert permissions_of([role]) >= {"read-agreements", "read-partners"}
    records = {"read-own", "read-received", "export", "import", "read-findings", "read-notices", "read-desk"}
    assert not permissions_of([role]) & {*records, "release", "read-accesses", "read-ledger", "manage-people"}


def test_roles_add_up_and_an_unknown_role_or_permission_is_nothing() -> None:
    both = permissions_of(["officer", "releasing-officer"])
    assert both == permissions_of(["officer"]) | permissions_of(["releasing-officer"])
    assert permissions_of(["emperor"]) == permissions_of([]) == frozenset()


def test_a_refusal_says_who_may_and_whom_to_ask() -> None:
    said = Forbidden(needs="release", language="fr").said(phrasebook("en").translate)
    assert "Autoriser ou refuser" in said
    assert "Agent approbateur" in said
    assert "administrator" in said


def test_a_new_account_has_a_password_for_once_and_may_do_nothing_before_it_is_changed(node: Node) -> None:
    found, password = add_person(node, " Lee.Chan ", ["officer", "analyst"], display="Shift lead", by="owner")
    assert found == person(node, "lee.chan") == people(node)[0]
    assert (found.name, found.person, found.roles, found.must_change) == (
        "lee.chan",
        "Shift lead",
        ("officer", "analyst"),
        True,
    )
    assert not any(found.may(permission) for permission in PERMISSIONS)
    change_password(node, "LEE.chan", password, GOOD)
    after = person(node, "lee.chan")
    assert (after.must_change, after.may("import"), after.may("release")) == (False, True, False)
    assert sign_in(node, "Lee.Chan", GOOD).person == after
    with pytest.raises(SignInRefused):
        sign_in(node, "lee.chan", password)


def test_the_ledger_says_who_did_what_and_holds_no_secret(node: Node) -> None:
    somebody(node, "root.admin", ADMINISTRATOR)
    _, first = add_person(node, "lee", ["officer"], by="root.admin")
    change_roles(node, "root.admin", [ADMINISTRATOR, "releasing-officer"], by="root.admin")
    set_officer(node, "lee", OFFICERS[0], by="root.admin")
    second = reset_password(node, "lee", by="root.admin")
    set_language(node, "lee", "es", by="lee")
    disable(node, "lee", by="root.admin")
    enable(node, "lee", by="root.admin")
    assert [(entry["subject"], entry["by"]) for entry in facts(node, "account-added")] == [
        ("root.admin", "owner"),
        ("lee", "root.admin"),
    ]
    changes = facts(node, "account-changed")
    assert [entry["what"] for entry in changes] == [
        "password",
        "roles",
        "officer",
        "password-reset",
        "language",
        "disabled",
        "enabled",
    ]
    assert changes[1]["roles"] == ["administrator", "releasing-officer"]
    assert changes[1]["by"] == changes[1]["subject"] == "root.admin", "who gives himself a role is seen"
    written = str(changes) + str(facts(node, "account-added"))
    assert not any(secret in written for secret in (first, second, GOOD, "argon2", "$"))
    assert not any(secret.encode() in all_bytes(node) for secret in (first, second, GOOD))


def test_what_changes_nothing_leaves_no_trace_and_no_session_ends(node: Node) -> None:
    somebody(node, "lee")
    token, before = sign_in(node, "lee", GOOD).token, len(facts(node, "account-changed"))
    change_roles(node, "lee", ["officer"], by="owner")
    enable(node, "lee", by="owner")
    set_officer(node, "lee", "", by="owner")
    assert len(facts(node, "account-changed")) == before
    assert session_of(node, token) is not None


@pytest.mark.parametrize("name", ["a", "", "a" * 65, "a b", "é.b", "../x", ".lee", "-lee", "le\ne", "l\u202eee", "a/b"])
def test_a_name_is_short_and_plain(node: Node, name: str) -> None:
    with pytest.raises(UnfitName):
        add_person(node, name, ["officer"], by="owner")
    assert people(node) == []


def test_an_account_is_refused_with_what_is_wrong_and_nothing_is_kept(node: Node) -> None:
    with pytest.raises(NoRole):
        add_person(node, "lee", [], by="owner")
    with pytest.raises(UnknownWord):
        add_person(node, "lee", ["officer", "emperor"], by="owner")
    with pytest.raises(UnknownLanguage):
        add_person(node, "lee", ["officer"], language="de", by="owner")
    with pytest.raises(UnfitTitle):
        add_person(node, "lee", ["officer"], display="Lee\x1b[2J", by="owner")
    with pytest.raises(UnknownOfficer):
        add_person(node, "lee", ["officer"], officer="us.cbp/liaison-9", by="owner")
    assert people(node) == []
    assert facts(node, "account-added") == []


def test_a_name_is_given_once(node: Node) -> None:
    add_person(node, "lee", ["officer"], by="owner")
    disable(node, "lee", by="owner")
    with pytest.raises(NameTaken):
        add_person(node, "LEE", [ADMINISTRATOR], by="owner")
    assert person(node, "lee").roles == ("officer",)


def test_nobody_can_be_changed_who_is_not_there(node: Node) -> None:
    with pytest.raises(NoSuchPerson):
        person(node, "lee")
    for change in (disable, enable, reset_password):
        with pytest.raises(NoSuchPerson):
            change(node, "lee", by="owner")


def test_one_officer_is_one_person_so_two_officers_are_two_people(node: Node) -> None:
    add_person(node, "lee", ["releasing-officer"], officer="US.CBP/Liaison-1", by="owner")
    add_person(node, "kim", ["releasing-officer"], by="owner")
    assert person(node, "lee").officer == OFFICERS[0]
    disable(node, "lee", by="owner")
    with pytest.raises(OfficerTaken):
        set_officer(node, "kim", OFFICERS[0], by="owner")
    with pytest.raises(OfficerTaken):
        add_person(node, "max", ["releasing-officer"], officer=OFFICERS[0], by="owner")
    set_officer(node, "lee", "", by="owner")
    assert set_officer(node, "kim", OFFICERS[0], by="owner").officer == OFFICERS[0]


def test_an_officer_of_a_partner_is_nobody_here(node: Node) -> None:
    add_person(node, "kim", ["releasing-officer"], by="owner")
    with node.writing() as work:
        theirs = next(iter(work.tx.officers()))
        work.tx.put_officer(
            type(theirs)(
                party="ca.cbsa",
                officer="ca.cbsa/liaison-1",
                title="",
                public_key=theirs.public_key,
                valid_from=theirs.valid_from,
                valid_until=None,
            )
        )
    with pytest.raises(UnknownOfficer):
        set_officer(node, "kim", "ca.cbsa/liaison-1", by="owner")


def test_the_last_active_administrator_stays_one(node: Node) -> None:
    add_person(node, "ann", [ADMINISTRATOR], by="owner")
    add_person(node, "bob", [ADMINISTRATOR, "officer"], by="owner")
    disable(node, "ann", by="bob")
    with pytest.raises(LastAdministrator):
        disable(node, "bob", by="bob")
    with pytest.raises(LastAdministrator):
        change_roles(node, "bob", ["officer"], by="bob")
    assert change_roles(node, "bob", [ADMINISTRATOR, "analyst"], by="bob").roles == ("analyst", ADMINISTRATOR)
    enable(node, "ann", by="bob")
    assert not disable(node, "bob", by="ann").is_active


def test_a_disabled_person_may_do_nothing() -> None:
    gone = Person(name="lee", person="", roles=ROLES, officer="", language="en", must_change=False, is_active=False)
    assert not any(gone.may(permission) for permission in PERMISSIONS)


@pytest.mark.parametrize(
    ("password", "error"),
    [
        ("short one 1", PasswordTooShort),
        ("", PasswordTooShort),
        ("x" * 201, PasswordTooLong),
        ("\ufdfa" * 60, PasswordTooLong),
        ("aaaaaaaaaaaaaaaa", PasswordGuessable),
        ("Password123456!", PasswordGuessable),
        ("passwordpassword", PasswordGuessable),
        ("123456789012", PasswordGuessable),
        ("9876543210987", PasswordGuessable),
        ("qwertyuiopasdf", PasswordGuessable),
        ("MotDePasse2026!", PasswordGuessable),
        ("contraseña2026", PasswordGuessable),
        ("lee.chan-1234", PasswordGuessable),
        ("Lee.ChanLee.Chan", PasswordGuessable),
        ("entente2026!", PasswordGuessable),
    ],
)
def test_a_password_that_others_try_first_is_refused(password: str, error: type[WeakPassword]) -> None:
    with pytest.raises(error):
        check_password(password, "lee.chan")


@pytest.mark.parametrize(
    "password", [GOOD, "tr0ut mountain", "été à la montagne", "x7Kq-9fT2-mW4z", "éléphants gris  "]
)
def test_a_long_password_needs_no_digits_or_signs(password: str) -> None:
    check_password(password, "lee.chan")


def test_a_password_is_the_same_on_every_keyboard_and_kept_twice_differs() -> None:
    composed, decomposed = "caf\u00e9 cr\u00e8me lunaire", "cafe\u0301 cre\u0300me lunaire"
    kept, again = make_kept(composed), make_kept(composed)
    assert kept != again
    assert is_right(kept, decomposed)
    assert not is_right(kept, composed + " ")
    assert not is_right("", composed)
    assert not is_right("not a hash", composed)


def test_a_password_costs_at_least_what_the_standard_asks_for_little_memory() -> None:
    kept = make_kept(GOOD)
    cost = dict(part.split("=") for part in kept.split("$")[3].split(","))
    assert kept.startswith("$argon2id$")
    assert all(int(cost[name]) >= least for name, least in MINIMUM_ARGON2.items())
    assert not is_outdated(kept)


def test_one_time_passwords_are_good_passwords_and_never_the_same() -> None:
    given = {one_time_password() for _ in range(200)}
    assert len(given) == 200
    for password in given:
        check_password(password, "lee")


def test_a_password_is_changed_only_by_who_knows_the_old_one(node: Node) -> None:
    somebody(node, "lee")
    token = sign_in(node, "lee", GOOD).token
    with pytest.raises(SignInRefused):
        change_password(node, "lee", "not the old one", "six green chairs sing")
    with pytest.raises(PasswordUnchanged):
        change_password(node, "lee", GOOD, GOOD)
    with pytest.raises(PasswordTooShort):
        change_password(node, "lee", GOOD, "short")
    assert session_of(node, token) is not None
    change_password(node, "lee", GOOD, "six green chairs sing")
    assert session_of(node, token) is None
    assert sign_in(node, "lee", "six green chairs sing").person.name == "lee"


def test_a_one_time_password_ends_and_an_own_one_does_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hash_fast(monkeypatch)
    clock = Clock()
    with node_at(tmp_path / "cbp", clock) as node:
        somebody(node, "max")
        _, password = add_person(node, "lee", ["officer"], by="owner")
        clock.goes_on(days=7)
        with pytest.raises(PasswordExpired, match="given more than 7 days ago"):
            sign_in(node, "lee", password)
        with pytest.raises(PasswordExpired):
            change_password(node, "lee", password, GOOD)
        with pytest.raises(SignInRefused):
            sign_in(node, "lee", "another password that is wrong")
        assert sign_in(node, "max", GOOD).person.name == "max"
        password = reset_password(node, "lee", by="owner")
        clock.goes_on(days=6, hours=23)
        change_password(node, "lee", password, GOOD)
        clock.goes_on(days=700)
        assert sign_in(node, "lee", GOOD).person.may("import")
