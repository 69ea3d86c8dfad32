//! How many do something at the same time, where something keeps them apart.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::sql_log::lock;

/// Nobody waits for longer than this for those who may come.
const LONG: Duration = Duration::from_secs(2);
/// When all but one are there, the last has had the time of all the others to come too.
const SHORT: Duration = Duration::from_millis(30);

/// Guests of whom each waits for the last, and who are counted while they are there together.
pub struct Meeting(Arc<Guests>);

struct Guests {
    invited: usize,
    came: AtomicUsize,
    /// How many are there now, and how many there were at most.
    here: Mutex<(usize, usize)>,
}

impl Meeting {
    pub fn of(invited: usize) -> Self {
        Self(Arc::new(Guests { invited, came: AtomicUsize::new(0), here: Mutex::new((0, 0)) }))
    }

    /// The work of one guest, for whoever may keep guests apart: a pool hands it a connection.
    pub fn guest<C>(&self) -> impl FnOnce(&mut C) + Send + 'static {
        let guests = Arc::clone(&self.0);
        move |_| guests.meet()
    }

    /// How many were there at the same time.
    pub fn most(&self) -> usize {
        lock(&self.0.here).1
    }
}

impl Guests {
    fn meet(&self) {
        self.came.fetch_add(1, SeqCst);
        {
            let (now, most) = &mut *lock(&self.here);
            *now += 1;
            *most = (*most).max(*now);
        }
        let since = Instant::now();
        let patience = || if lock(&self.here).1 + 1 < self.invited { LONG } else { SHORT };
        while self.came.load(SeqCst) < self.invited && since.elapsed() < patience() {
            thread::sleep(Duration::from_millis(1));
        }
        lock(&self.here).0 -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::at_once;

    #[test]
    fn guests_without_a_limit_are_there_together() {
        let meeting = Meeting::of(4);
        at_once(vec![(); 4], |()| meeting.guest()(&mut ()));
        assert_eq!(meeting.most(), 4);
    }

    #[test]
    fn guests_who_come_one_by_one_never_meet() {
        let (meeting, door) = (Meeting::of(2), Mutex::new(()));
        at_once(vec![(); 2], |()| {
            let _shut = door.lock().unwrap();
            meeting.guest()(&mut ());
        });
        assert_eq!(meeting.most(), 1);
    }
}
