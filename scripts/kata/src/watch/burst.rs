//! Tells text that was pasted from keys that were pressed.
//!
//! Most terminals mark what is pasted. Where one does not, letters come faster than anybody types: what a
//! paste holds must not be taken for commands.

use std::io::Result;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::event::Event;

/// Keys that are typed one after the other are further apart.
pub const GAP: Duration = Duration::from_millis(10);

/// As many letters may come at once, as when the computer was busy.
const MOST_TYPED: usize = 3;

/// The first event, and all that `next` has without a pause. Letters that were pasted become one event.
pub fn collect(first: Event, mut next: impl FnMut() -> Result<Option<Event>>) -> Result<Vec<Event>> {
    let mut events = vec![first];
    let mut is_paste = false;
    while let Some(event) = next()? {
        events.push(event);
        is_paste |= is_pasted(&events);
        if is_paste {
            // It may be long, and all that counts is what is not text.
            events.retain(|event| text(event).is_none());
        } else if events.len() > MOST_TYPED {
            // A key that is held down, for one.
            break;
        }
    }
    if is_paste {
        events.push(Event::Pasted);
    }
    Ok(events)
}

/// More letters than a person types at once, and not one key that is held down.
fn is_pasted(events: &[Event]) -> bool {
    let texts: Vec<_> = events.iter().filter_map(text).collect();
    texts.len() > MOST_TYPED && texts.windows(2).any(|pair| pair[0] != pair[1])
}

/// The key, if it writes something.
fn text(event: &Event) -> Option<KeyCode> {
    let Event::Key(KeyEvent { code, modifiers, .. }) = event else { return None };
    let is_text = matches!(code, KeyCode::Char(_) | KeyCode::Enter | KeyCode::Tab);
    (is_text && !modifiers.contains(KeyModifiers::CONTROL)).then_some(*code)
}

#[cfg(test)]
mod tests {
    use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

    use super::super::event::Event;
    use super::collect;

    fn key(c: char) -> Event {
        Event::Key(KeyEvent::from(KeyCode::Char(c)))
    }

    /// What becomes of events that come at once, in bursts: letters, or `P` for a paste, `!` for Ctrl-C and `R`
    /// for another size.
    fn bursts(events: Vec<Event>) -> Vec<String> {
        let mut events = events.into_iter();
        let mut bursts = Vec::new();
        while let Some(first) = events.next() {
            let burst = collect(first, || Ok(events.next())).unwrap();
            let letter = |event: &Event| match event {
                Event::Key(KeyEvent { modifiers: KeyModifiers::CONTROL, .. }) => '!',
                Event::Key(KeyEvent { code: KeyCode::Char(c), .. }) => *c,
                Event::Pasted => 'P',
                _ => 'R',
            };
            bursts.push(burst.iter().map(letter).collect());
        }
        bursts
    }

    fn typed(text: &str) -> Vec<Event> {
        text.chars().map(key).collect()
    }

    #[test]
    fn single_keys_and_small_groups_of_keys_are_keys() {
        for text in ["h", "hh", "lq", "l5q"] {
            assert_eq!(bursts(typed(text)), [text]);
        }
    }

    #[test]
    fn a_pasted_text_triggers_no_key() {
        for text in ["quit", "cargo kata next\nquit\n", &"SELECT q FROM n;\n".repeat(1000)] {
            assert_eq!(bursts(typed(text)), ["P"]);
        }
    }

    #[test]
    fn a_key_that_is_held_down_repeats() {
        assert_eq!(bursts(typed(&"j".repeat(10))), ["jjjj", "jjjj", "jj"]);
        let down = |_| Event::Key(KeyEvent::from(KeyCode::Down));
        assert_eq!(bursts((0..9).map(down).collect()).len(), 3);
    }

    #[test]
    fn other_events_pass_through_a_paste() {
        let mut events = typed("quit");
        events.push(Event::Resized);
        events.push(Event::Key(KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL)));
        events.extend(typed("now"));
        assert_eq!(bursts(events), ["R!P"]);
    }

    #[test]
    fn a_closed_terminal_is_an_error() {
        assert!(collect(key('h'), || Err(std::io::Error::other("gone"))).is_err());
    }
}
