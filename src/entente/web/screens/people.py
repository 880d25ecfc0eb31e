"""People with accounts: who they are, their roles, and what each role may do. A one-time password is shown once, on the
page that answers, and is neither kept nor sent elsewhere."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from entente.errors import InputFault
from entente.node.linking import identities_of, link_account, unlink
from entente.node.partnering import own_officers
from entente.node.passkeys import passkeys_of, remove_all
from entente.node.people import (
    Person,
    add_person,
    change_roles,
    disable,
    enable,
    people,
    person,
    reset_password,
    set_officer,
)
from entente.node.roles import PERMISSIONS, ROLES
from entente.vocabulary import LANGUAGES
from entente.web.routes import get, post
from entente.web.visit import Visit


def list_people(visit: Visit) -> Response:
    return visit.page("people.html", people=people(visit.node))


def show_form(visit: Visit) -> Response:
    return _form(visit)


def add(visit: Visit) -> Response:
    """A new account; its password is on the answering page alone."""
    try:
        made, password = add_person(
            visit.node,
            visit.text("name"),
            _roles(visit),
            display=visit.text("person"),
            officer=visit.text("officer"),
            language=visit.text("language") or visit.language,
            by=visit.who,
        )
    except InputFault as error:
        return _form(visit, error.said(visit.book.translate))
    return visit.page("person_password.html", known=made, password=password, is_new=True)


def show_person(visit: Visit) -> Response:
    return _person(visit, _known(visit))


def give_roles(visit: Visit) -> Response:
    known, roles = _known(visit), _roles(visit)
    try:
        change_roles(visit.node, known.name, roles, by=visit.who)
    except InputFault as error:
        return _person(visit, known, error.said(visit.book.translate), roles=roles)
    told = visit.say("{name} has new roles and has to sign in again.", name=known.name)
    return _done(visit, known, told, ends_own=set(roles) != set(known.roles))


def give_officer(visit: Visit) -> Response:
    known = _known(visit)
    try:
        set_officer(visit.node, known.name, visit.text("officer"), by=visit.who)
    except InputFault as error:
        return _person(visit, known, error.said(visit.book.translate))
    if visit.text("officer"):
        told = visit.say(
            "{name} releases records as {officer} from now on.", name=known.name, officer=visit.text("officer")
        )
    else:
        told = visit.say("{name} is no officer any more.", name=known.name)
    return _done(visit, known, told)


def give_password(visit: Visit) -> Response:
    known = _known(visit)
    password = reset_password(visit.node, known.name, by=visit.who)
    return visit.page("person_password.html", known=known, password=password, is_new=False)


def take_passkeys(visit: Visit) -> Response:
    """For somebody who has lost them."""
    known = _known(visit)
    remove_all(visit.node, known.name, by=visit.who)
    told = visit.say("{name} has no passkey any more and has to sign in again.", name=known.name)
    return _done(visit, known, told, ends_own=True)


def link_service(visit: Visit) -> Response:
    known, subject = _known(visit), visit.text("subject")
    try:
        link_account(visit.node, known.name, subject, by=visit.who)
    except InputFault as error:
        return _person(visit, known, error.said(visit.book.translate))
    return _done(visit, known, visit.say("{subject} can sign in as {name}.", subject=subject, name=known.name))


def unlink_service(visit: Visit) -> Response:
    known, subject = _known(visit), visit.text("subject")
    try:
        unlink(visit.node, known.name, visit.text("issuer"), subject, by=visit.who)
    except InputFault as error:
        return _person(visit, known, error.said(visit.book.translate))
    told = visit.say("{subject} cannot sign in as {name} any more.", subject=subject, name=known.name)
    return _done(visit, known, told, ends_own=True)


def close_account(visit: Visit) -> Response:
    known = _known(visit)
    try:
        disable(visit.node, known.name, by=visit.who)
    except InputFault as error:
        return _person(visit, known, error.said(visit.book.translate))
    told = visit.say("{name} cannot sign in any more; every session has ended.", name=known.name)
    return _done(visit, known, told, ends_own=True)


def open_account(visit: Visit) -> Response:
    known = _known(visit)
    enable(visit.node, known.name, by=visit.who)
    return _done(visit, known, visit.say("{name} can sign in again, with the password of before.", name=known.name))


def show_roles(visit: Visit) -> Response:
    matrix = [(permission, [role in allowed for role in ROLES]) for permission, allowed in PERMISSIONS.items()]
    return visit.page("roles.html", roles=ROLES, matrix=matrix)


def _known(visit: Visit) -> Person:
    return person(visit.node, visit.path["name"])


def _roles(visit: Visit) -> list[str]:
    return [role for role in visit.form.getlist("roles") if isinstance(role, str) and role]


def _done(visit: Visit, known: Person, told: str, *, ends_own: bool = False) -> Response:
    """Back to the person; whoever has just ended the own session has to sign in."""
    if ends_own and known.name == visit.who:
        return visit.go("/sign-in")
    return visit.go(f"/people/{known.name}", told=told)


def _form(visit: Visit, message: str = "") -> Response:
    typed: Mapping[str, Any] = {
        "name": visit.text("name"),
        "person": visit.text("person"),
        "roles": _roles(visit),
        "officer": visit.text("officer"),
        "language": visit.text("language") or visit.language,
    }
    return visit.page(
        "person_new.html",
        status=422 if message else 200,
        message=message,
        typed=typed,
        roles=_role_choices(visit),
        officers=_officer_choices(visit),
        languages=_languages(),
    )


def _person(visit: Visit, known: Person, message: str = "", roles: list[str] | None = None) -> Response:
    return visit.page(
        "person.html",
        status=422 if message else 200,
        message=message,
        known=known,
        held=list(known.roles) if roles is None else roles,
        roles=_role_choices(visit),
        officers=_officer_choices(visit),
        passkeys=passkeys_of(visit.node, known.name),
        identities=identities_of(visit.node, known.name),
    )


def _role_choices(visit: Visit) -> list[tuple[str, str, str]]:
    label = visit.node.catalogue.vocabulary.label
    return [(role, label("role", role, visit.language), label("role-work", role, visit.language)) for role in ROLES]


def _officer_choices(visit: Visit) -> list[tuple[str, str]]:
    return [(code, f"{code} · {title}" if title else code) for code, title in own_officers(visit.node)]


def _languages() -> list[tuple[str, str]]:
    names = {"en": "English", "fr": "Français", "es": "Español"}
    return [(code, names[code]) for code in LANGUAGES]


ROUTES = (
    get("/people", list_people, needs="manage-people"),
    get("/new-person", show_form, needs="manage-people"),
    post("/new-person", add, needs="manage-people"),
    get("/roles", show_roles, needs="manage-people"),
    get("/people/{name}", show_person, needs="manage-people"),
    post("/people/{name}/roles", give_roles, needs="manage-people"),
    post("/people/{name}/officer", give_officer, needs="manage-people"),
    post("/people/{name}/password", give_password, needs="manage-people"),
    post("/people/{name}/passkeys", take_passkeys, needs="manage-people"),
    post("/people/{name}/service", link_service, needs="manage-people"),
    post("/people/{name}/service/remove", unlink_service, needs="manage-people"),
    post("/people/{name}/disable", close_account, needs="manage-people"),
    post("/people/{name}/enable", open_account, needs="manage-people"),
)
