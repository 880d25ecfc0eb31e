"""Partners, officers, agreements and settings in PostgreSQL."""

from collections.abc import Sequence

from entente.store.postgres.session import Session
from entente.store.postgres.shapes import Shape
from entente.store.queries import named_queries
from entente.store.rows import (
    AgreementRow,
    AgreementSignatureRow,
    AgreementSuspensionRow,
    OfficerRow,
    PartnerRow,
    PositionRow,
)

_SQL = named_queries(__file__)
_PARTNER, _POSITION, _OFFICER = Shape(PartnerRow), Shape(PositionRow), Shape(OfficerRow)
_AGREEMENT, _SIGNATURE = Shape(AgreementRow), Shape(AgreementSignatureRow)
_SUSPENSION = Shape(AgreementSuspensionRow)


class Partners(Session):
    def put_partner(self, row: PartnerRow) -> None:
        self.run(_SQL["put_partner"], *_PARTNER.values(row))

    def partners(self) -> Sequence[PartnerRow]:
        return list(_PARTNER.rows(self.all(_SQL["partners"])))

    def position(self, party: str) -> PositionRow:
        found = self.first(_SQL["position"], party)
        if found is None:
            return PositionRow(party=party, sent_seq=0, sent_id="", received_seq=0, received_id="")
        return _POSITION.row(found)

    def put_officer(self, row: OfficerRow) -> None:
        self.run(_SQL["put_officer"], *_OFFICER.values(row))

    def officers(self) -> Sequence[OfficerRow]:
        return list(_OFFICER.rows(self.all(_SQL["officers"])))

    def add_agreement(self, row: AgreementRow) -> None:
        self.run(_SQL["add_agreement"], *_AGREEMENT.values(row))

    def agreements(self) -> Sequence[AgreementRow]:
        return list(_AGREEMENT.rows(self.all(_SQL["agreements"])))

    def add_agreement_signature(self, row: AgreementSignatureRow) -> None:
        self.run(_SQL["add_signature"], *_SIGNATURE.values(row))

    def agreement_signatures(self, agreement: str | None = None) -> Sequence[AgreementSignatureRow]:
        return list(_SIGNATURE.rows(self.all(_SQL["signatures"], agreement)))

    def add_agreement_suspension(self, row: AgreementSuspensionRow) -> None:
        self.run(_SQL["add_suspension"], *_SUSPENSION.values(row))

    def agreement_suspensions(self) -> Sequence[AgreementSuspensionRow]:
        return list(_SUSPENSION.rows(self.all(_SQL["suspensions"])))

    def setting(self, name: str) -> str | None:
        found = self.first(_SQL["setting"], name)
        return found[0] if found else None

    def put_setting(self, name: str, value: str) -> None:
        self.run(_SQL["put_setting"], name, value)
