"""`python -m entente.cli` is `entente`."""

from entente.cli import main

main()
