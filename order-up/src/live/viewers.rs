//! The people who have a live page open.

use std::collections::HashMap;

use groundwork::order_up::Timestamp;

use crate::security::still_signed_in::{StillSignedIn, Viewer};

/// The most live pages that one session may have open.
const OF_ONE_SESSION: usize = 8;

#[derive(Default)]
pub struct Viewers {
    viewers: HashMap<u64, Viewer>,
    entered: u64,
    /// Whether there are viewers whose sessions have not been checked since they came.
    are_new: bool,
    /// When the first of the sessions expires, unless it is used.
    until: Option<Timestamp>,
    /// Whether the task runs that keeps the pages up to date.
    pub are_served: bool,
}

impl Viewers {
    /// Adds a page, and returns its number. `None` if the session has too many.
    pub fn enter(&mut self, viewer: Viewer) -> Option<u64> {
        let of_session = self.viewers.values().filter(|other| other.session == viewer.session).count();
        if of_session >= OF_ONE_SESSION {
            return None;
        }
        self.entered += 1;
        self.viewers.insert(self.entered, viewer);
        self.are_new = true;
        Some(self.entered)
    }

    pub fn leave(&mut self, number: u64) {
        self.viewers.remove(&number);
    }

    pub fn has(&self, number: u64) -> bool {
        self.viewers.contains_key(&number)
    }

    /// The viewers, whose sessions are about to be checked.
    pub fn all(&mut self) -> Vec<Viewer> {
        self.are_new = false;
        self.viewers.values().cloned().collect()
    }

    pub fn is_empty(&self) -> bool {
        self.viewers.is_empty()
    }

    /// Whether to check the sessions although nothing has changed.
    pub fn are_to_be_checked(&self, now: Timestamp) -> bool {
        self.are_new || self.until.is_some_and(|until| until <= now)
    }

    /// Removes those of `checked` who are no longer signed in.
    pub fn keep(&mut self, checked: &[Viewer], still: &StillSignedIn) {
        self.viewers.retain(|_, viewer| !checked.contains(viewer) || still.until(viewer).is_some());
        self.until = self.viewers.values().filter_map(|viewer| still.until(viewer)).min();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(session: &str) -> Viewer {
        Viewer { session: session.to_owned(), employee_id: 1, session_key: "key".to_owned() }
    }

    #[test]
    fn each_session_has_its_own_limit() {
        let mut viewers = Viewers::default();
        let numbers: Vec<_> = (0..OF_ONE_SESSION).map(|_| viewers.enter(viewer("a"))).collect();
        assert!(numbers.iter().all(Option::is_some));
        assert_eq!(viewers.enter(viewer("a")), None);
        assert!(viewers.enter(viewer("b")).is_some());
        viewers.leave(numbers[0].expect("it was free"));
        assert!(viewers.enter(viewer("a")).is_some());
    }

    #[test]
    fn a_viewer_who_joins_after_the_check_stays_until_the_next_one() {
        let mut viewers = Viewers::default();
        let early = viewers.enter(viewer("a")).expect("it is free");
        let checked = viewers.all();
        let late = viewers.enter(viewer("b")).expect("it is free");
        viewers.keep(&checked, &StillSignedIn::default());
        assert_eq!([early, late].map(|number| viewers.has(number)), [false, true]);
        assert!(viewers.are_to_be_checked(Timestamp(0)));
        let checked = viewers.all();
        viewers.keep(&checked, &StillSignedIn::default());
        assert!(viewers.is_empty() && !viewers.are_to_be_checked(Timestamp(0)));
    }
}
