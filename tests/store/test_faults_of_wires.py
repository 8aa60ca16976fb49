"""The table of faults where a wire to a server is cut as a desk tells it to save, or when it has."""

import pytest
from store.scene import WRITING, Scene, everything, told, told_at_the_desk
from store.test_faults import LOST
from store.wires import wire_in_place_of

from models.pending import cut_offs, forget


@pytest.mark.parametrize("engine", ["server"])
@pytest.mark.parametrize(
    "is_carried_out", [pytest.param(False, marks=pytest.mark.slow), True], ids=["before", "behind"]
)
def test_a_wire_that_is_cut_at_the_end_of_a_change_is_told_truly(scene: Scene, is_carried_out: bool) -> None:
    """Each deed is cut off at each end of a transaction in turn, until it is done without: once, whatever happened."""
    assert scene.server is not None
    before = effects(scene)
    scene.counter.store.database.let_go()
    with wire_in_place_of(scene.server.folder / ".s.PGSQL.5432") as wire:
        for deed in WRITING:
            cuts = 0
            for number in range(1, 20):
                scene.counter.store.database.let_go()
                wire.cut_at(number, is_carried_out=is_carried_out)
                said = told(scene, told_at_the_desk, [deed])[deed]
                wire.leave_whole()
                cuts += wire.was_cut
                assert said in ("", LOST)
                assert effects(scene) == (before if said else before + EFFECTS[deed])
                if not said:
                    break
            before = effects(scene)
            assert cuts >= 1
    assert not scene.counter.findings()


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["server"])
@pytest.mark.parametrize("is_carried_out", [False, True], ids=["before", "behind"])
def test_a_wire_that_is_cut_for_good_leaves_the_outcome_open(
    scene: Scene, is_carried_out: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can be asked: that is said, and the next look tells what became of it; what is done again is done once."""
    assert scene.server is not None
    database = scene.counter.store.database
    monkeypatch.setattr(type(database), "asked_seconds", 0.0)
    database.let_go()
    with wire_in_place_of(scene.server.folder / ".s.PGSQL.5432") as wire:
        for deed, told_then in UNKNOWN.items():
            before = effects(scene)
            for number in range(1, 20):
                database.let_go()
                wire.cut_at(number, is_carried_out=is_carried_out, is_for_good=True)
                said = told(scene, told_at_the_desk, [deed])[deed]
                wire.leave_whole()
                if said != LOST:
                    break
                assert effects(scene) == before
            assert said == told_then
            assert effects(scene) == before + EFFECTS[deed] * is_carried_out
            cuts = cut_offs(scene.counter.store)
            assert [cut.was_done for cut in cuts] == [is_carried_out] * (deed in ("note", "reactivate"))
            forget(cuts)
            again = told(scene, told_at_the_desk, [deed])[deed]
            assert again == "" or (deed, is_carried_out) == ("reactivate", True)
    assert not scene.counter.findings()


UNKNOWN = {
    "note": "70 The answer to the last change was lost. Open the card again to see whether it was made.",
    "reactivate": "70 The answer to the last change was lost. Open the card again to see whether it was made.",
    "expiry run": "70 The answer to the last change was lost. Run it again: what has expired is saved, and no balance "
    "expires twice.",
    "import": "70 The answer to the last change was lost. Import the same files again: what is in stays, and no card "
    "comes in twice.",
}
EFFECTS = {"note": 2, "reactivate": 4, "expiry run": 1, "import": 2}
"""Of each deed, how many activities, imports and outcomes of wishes it leaves."""


def effects(scene: Scene) -> int:
    """How many there are."""
    stored = everything(scene)
    return sum(len(stored[table]) for table in ("activity", "import_batch", "intent"))
