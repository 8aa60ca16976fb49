"""Output for any Textual app that sends the cells that changed, and nothing else.

Textual sends a dirty region of the screen again as a whole. These modules stand between its compositor and its
driver: they keep the cells that the terminal shows, take from each update the cells that are wanted, and say the
difference in as few bytes as the terminal understands.

What it needs: the standard library, Rich, and a Textual whose inner shape it checks when the app starts.

How to use it: let the app's class have CellsApp first among its bases, and the driver's be a CellsDriver.

    from tui.cells.app import CellsApp
    from tui.cells.driver import CellsDriver

    class Adder(CellsApp[int]):
        def get_driver_class(self) -> type[Driver]:
            return CellsDriver

`App.is_stock = True` goes back to Textual's own output at any time; override `fell_back()` to write down when that
happens by itself. Whoever writes to the terminal past the app says so with `redraw()`.

What it promises:
- The terminal shows what Textual's own output would show, but for hyperlinks (their text is shown).
- No control character of a drawn text is sent.
- All updates of a moment are one write; a picture that is as it was sends nothing.
- Each write begins with an absolute move: what strayed onto the screen spoils the cells that it overwrote, and
  nothing else; redraw() sends all of them.
- A cluster of characters whose width terminals disagree about is followed by an absolute move and its row's rest;
  a row with letters that run from right to left is sent from its first difference on.
- Nothing is sent that the terminal's description (terminfo) does not have; nor what that often has in vain (repeated
  characters, under the name of xterm).
- When Textual is not what is expected, or painting fails, its own output takes over for good: the app goes on.

The rooms, from the picture to the wire:
    looks      the attributes of a cell, and the shortest way from some to others
    clusters   a text as clusters of characters, how wide each is, and whether that is sure
    cell       a strip of Textual's as cells
    picture    the cells that are wanted
    updates    what the compositor hands over, into a picture: all that is known of its inside
    changes    where two rows differ
    scrolling  rows that only moved
    quiet      when an event loop has nothing ready to run: the moment to paint
    powers     what the terminal can do
    moves      the shortest way of the cursor
    pen        the difference, said in bytes
    painting   what the terminal shows, and what it must be sent
    guard      whether Textual is what all this relies on
    app        the hook in the app
    driver     the terminal, taken and given back
"""
