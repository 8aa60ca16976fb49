"""Whether people are found by what their records say, and the index made anew where they are not."""

from models.rules.roles import Action
from models.search.people_index import differing_people, forget_text, lost_texts, reindex_people
from models.store import Store
from models.unit import Session, begin


def count_unfindable(store: Store) -> int:
    """How many people are found by something else than their records say, and how many texts belong to nobody.

    Page by page, each as it is at one instant; of the texts no more are counted than one page.
    """
    count, last = 0, 0
    while True:
        with store.database.reading():
            differing, last = differing_people(store.database, last)
        count += len(differing)
        if not last:
            break
    with store.database.reading():
        return count + len(lost_texts(store.database))


def index_anew(session: Session) -> int:
    """Let everybody be found by what their records say, a page in a transaction; how many were not, and how many texts
    belonged to nobody. Raises Refused for a role that may not repair."""
    database, count, last = session.store.database, 0, 0
    with database.writing():
        begin(session, Action.REPAIR)
        if not database.has_whole_parts():
            database.remake_parts()
            count += 1
    while True:
        with database.reading():
            differing, following = differing_people(database, last)
        if differing:
            with database.writing():
                begin(session, Action.REPAIR)
                # Judged again: somebody may have been corrected in between.
                differing, following = differing_people(database, last)
                reindex_people(database, differing)
        count, last = count + len(differing), following
        if not last:
            break
    while lost := _forget_lost(session):
        count += lost
    return count


def _forget_lost(session: Session) -> int:
    database = session.store.database
    with database.reading():
        if not lost_texts(database):
            return 0
    with database.writing():
        begin(session, Action.REPAIR)
        lost = lost_texts(database)
        for text_id in lost:
            forget_text(database, text_id)
    return len(lost)
