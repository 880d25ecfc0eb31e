"""Our default detector."""

import numpy as np
from numpy.typing import NDArray

from entente.analysis.aberration.farrington import farrington_flexible
from entente.analysis.aberration.judged import Judged
from entente.analysis.aberration.layout import Bools
from entente.analysis.aberration.settings import Settings


def entente(
    counts: NDArray[np.integer],
    *,
    at: NDArray[np.integer],
    alpha: float = 0.005,
    mask: Bools | None = None,
    left_out: Bools | None = None,
) -> Judged:
    return farrington_flexible(counts, at=at, settings=Settings(alpha=alpha), mask=mask, left_out=left_out)
