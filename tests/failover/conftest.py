"""One cluster for all stories of this folder."""

from collections.abc import Iterator

import pytest
from failover.cluster import Cluster, running_cluster, why_absent


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """Three servers under Patroni; where its parts are not installed, what needs them is skipped."""
    absent = why_absent()
    if absent is not None:
        pytest.skip(absent)
    with running_cluster() as running:
        yield running
