//! The lessons whose code is to be judged. One is judged at a time, and none is forgotten.

#[derive(Default)]
pub struct Queue {
    /// The one that is being judged.
    now: Option<String>,
    /// The last of them is next.
    waiting: Vec<String>,
}

impl Queue {
    /// The lesson was saved: it is next. What is being judged meanwhile comes after it, or is of no use any more.
    pub fn add_saved(&mut self, lesson: &str) {
        let now = self.now.take().filter(|now| !self.waiting.contains(now));
        self.waiting.extend(now);
        self.waiting.retain(|waiting| waiting != lesson);
        self.waiting.push(lesson.to_owned());
    }

    /// Somebody looks at the lesson, which has no verdict: it comes after all that wait.
    pub fn add_wanted(&mut self, lesson: &str) {
        if self.now.as_deref() != Some(lesson) && !self.waiting.iter().any(|waiting| waiting == lesson) {
            self.waiting.insert(0, lesson.to_owned());
        }
    }

    /// The lesson to judge now, if none is being judged.
    pub fn start_next(&mut self) -> Option<String> {
        if self.now.is_none() {
            self.now = self.waiting.pop();
            return self.now.clone();
        }
        None
    }

    /// The verdict is there, or there will be none.
    pub fn finish(&mut self) {
        self.now = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lessons in the order in which they are judged from now on.
    fn rest(queue: &mut Queue) -> Vec<String> {
        queue.finish();
        std::iter::from_fn(|| {
            let next = queue.start_next();
            queue.finish();
            next
        })
        .collect()
    }

    #[test]
    fn lessons_that_are_saved_at_once_are_all_checked() {
        let mut queue = Queue::default();
        for lesson in ["4", "5", "6", "5"] {
            queue.add_saved(lesson);
        }
        assert_eq!(rest(&mut queue), ["5", "6", "4"]);
    }

    #[test]
    fn a_saved_lesson_comes_first_and_the_interrupted_lesson_is_checked_again() {
        let mut queue = Queue::default();
        queue.add_saved("4");
        assert_eq!(queue.start_next().as_deref(), Some("4"));
        assert_eq!(queue.start_next(), None, "one at a time");
        queue.add_saved("5");
        assert_eq!(queue.start_next().as_deref(), Some("5"));
        queue.add_saved("5");
        assert_eq!(queue.start_next().as_deref(), Some("5"), "an older save is of no use");
        assert_eq!(rest(&mut queue), ["4"]);
    }

    #[test]
    fn a_viewed_lesson_waits_for_the_saved_lessons() {
        let mut queue = Queue::default();
        queue.add_wanted("1");
        assert_eq!(queue.start_next().as_deref(), Some("1"));
        queue.add_wanted("1");
        queue.add_wanted("2");
        queue.add_wanted("3");
        queue.add_wanted("2");
        queue.finish();
        assert_eq!(queue.start_next().as_deref(), Some("2"));
        queue.add_saved("7");
        assert_eq!(rest(&mut queue), ["7", "2", "3"]);
    }
}
