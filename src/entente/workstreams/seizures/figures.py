"""What seizures contribute to the yearly account."""

from entente.analysis import Figure


def _yearly(name: str, *settings: str, year: str) -> Figure:
    return Figure(
        name=name,
        question="seizures.trend",
        settings=(*settings, f"every={year}"),
        value="mass_kg",
        denominator="months",
        of=12,
        baseline="mean_mass_kg",
        baseline_size="mean_years",
    )


_NORTHERN = ("drug=fentanyl", "region=northern-border")

FIGURES = (
    _yearly("seizures.fentanyl-northern-border-us", *_NORTHERN, year="fiscal_year_us"),
    _yearly("seizures.fentanyl-northern-border-ca", *_NORTHERN, year="fiscal_year_ca"),
    _yearly("seizures.fentanyl-us", "drug=fentanyl", year="fiscal_year_us"),
)
