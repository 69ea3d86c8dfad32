//! The queue of sign-ins whose passwords are about to be verified. One thread verifies them, about forty a second, so
//! the queue is short, and one client cannot fill it alone.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The most that can wait: the last of them waits about two seconds.
const PLACES: usize = 64;

/// The most that can wait from one address.
const OF_ONE_ADDRESS: usize = 16;

/// The queue, which its clones share.
#[derive(Clone, Default)]
pub struct SignInQueue(Arc<Mutex<HashMap<String, usize>>>);

/// A place in the queue. Dropping it frees the place, even when the browser has hung up.
pub struct Place {
    queue: SignInQueue,
    address: String,
}

impl SignInQueue {
    /// A place for a person at this address, or `None` if the queue is full.
    pub fn enter(&self, address: &str) -> Option<Place> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let from_here = waiting.get(address).copied().unwrap_or(0);
        if from_here == OF_ONE_ADDRESS || waiting.values().sum::<usize>() == PLACES {
            return None;
        }
        waiting.insert(address.to_owned(), from_here + 1);
        Some(Place { queue: self.clone(), address: address.to_owned() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut waiting = self.queue.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(from_here) = waiting.get_mut(&self.address) {
            *from_here -= 1;
            if *from_here == 0 {
                waiting.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_its_own_few_places() {
        let queue = SignInQueue::default();
        let mut here: Vec<_> =
            (0..OF_ONE_ADDRESS).map(|_| queue.enter("here").expect("it is free")).collect();
        assert!(queue.enter("here").is_none());
        assert!(queue.enter("there").is_some());
        here.pop();
        here.push(queue.enter("here").expect("one has left"));
        assert!(queue.enter("here").is_none());
    }

    #[test]
    fn the_queue_has_limited_places_and_is_empty_once_all_have_left() {
        let queue = SignInQueue::default();
        let place = |number: usize| queue.enter(&number.to_string());
        let waiting: Vec<_> = (0..PLACES).map(place).collect();
        assert!(waiting.iter().all(Option::is_some) && queue.enter("x").is_none());
        drop(waiting);
        assert!(queue.enter("x").is_some());
        assert!(queue.0.lock().is_ok_and(|waiting| waiting.is_empty()));
    }
}
