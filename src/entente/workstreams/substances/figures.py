"""What test counts contribute to the yearly account."""

from entente.analysis import Figure

FIGURES = (
    Figure(
        name="substances.xylazine-share",
        question="substances.growth",
        settings=("subject=xylazine", "months=12", "base_months=12"),
        value="share",
        denominator="of",
        of=None,
        baseline="base_share",
        baseline_size="base_of",
    ),
)
