//! The grades of a class: each number is worked out here, and every format shows this one.

mod notes;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kata::course::Course;

use super::attempt::{Attempt, LessonGrade, State, grade};
use super::counted::{self, CountedLesson};
use super::fault::Fault;
use super::handed_in::Times;
use super::matching::{Owner, Owners};
use super::points::Points;
use super::policy::{Missing, Several};
use super::record::Record;
use super::roster::{Person, Roster};
use super::rules::{OwnRules, Rules};
use super::times;

pub struct Grades {
    pub lessons: Vec<CountedLesson>,
    /// Those on the roster in its order; then submissions that are nobody's.
    pub students: Vec<Student>,
    pub records: Vec<Record>,
    /// What whoever grades should know, each in a sentence.
    pub notes: Vec<String>,
    pub zone: Option<TimeZone>,
    pub has_roster: bool,
    /// The roster's ids are Canvas's.
    pub is_canvas: bool,
}

/// Somebody who gets a grade.
pub struct Student {
    pub person: Person,
    /// Their submissions, by their places.
    pub records: Vec<usize>,
    pub lessons: Vec<LessonGrade>,
    /// What all lessons come to; none, if there is no number.
    pub total: Option<Total>,
    /// For a submission that is nobody's: who it may be.
    pub stray: Option<Vec<String>>,
    /// Others have the same submission.
    is_in_group: bool,
}

/// `points` is `raw` without `penalty`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Total {
    pub raw: Points,
    pub penalty: Points,
}

impl Total {
    pub fn points(&self) -> Points {
        self.raw - self.penalty
    }
}

impl Grades {
    /// # Errors
    ///
    /// When the rules do not fit the students.
    pub fn of(rules: &Rules, records: Vec<Record>, course: &Course) -> Result<Self, Fault> {
        let lessons = counted::lessons(&records, &rules.policy, course);
        let mut notes = Vec::new();
        let (mut people, mut owned, strays) = match &rules.roster {
            Some(roster) => of_roster(roster, &records, &mut notes),
            None => (
                records.iter().map(nameless).collect(),
                (0..records.len()).map(|index| vec![index]).collect(),
                vec![],
            ),
        };
        let own = rules.own(&people)?;
        let times = Times::of(rules, &records, &owned)?;
        let listed = people.len();
        for (index, _) in &strays {
            people.push(nameless(&records[*index]));
            owned.push(vec![*index]);
        }
        let mut owners = vec![0; records.len()];
        owned.iter().flatten().for_each(|index| owners[*index] += 1);
        let nothing = OwnRules::default();
        let mut students = Vec::new();
        for (place, (person, records_of)) in people.into_iter().zip(owned).enumerate() {
            let own = own.get(place).unwrap_or(&nothing);
            let attempts: Vec<_> = records_of
                .iter()
                .map(|index| Attempt { index: *index, record: &records[*index], handed_in: times.of[*index] })
                .collect();
            let lesson = |lesson: &CountedLesson| best(lesson, &attempts, rules, own);
            let of_lessons = lessons.iter().map(lesson).collect::<Result<Vec<_>, _>>()?;
            let total = total(&of_lessons, rules.policy.missing);
            let stray = place.checked_sub(listed).map(|stray| strays[stray].1.clone());
            let is_in_group = records_of.iter().any(|index| owners[*index] > 1);
            let records = records_of;
            students.push(Student { person, records, lessons: of_lessons, total, stray, is_in_group });
        }
        notes.extend(times.notes);
        notes.extend(students.iter().flat_map(|student| {
            notes::still_open((&student.person, &student.lessons), &student.records, &records, &lessons)
        }));
        notes.extend(notes::of_course(&records));
        notes.extend(notes::not_graded(rules, &lessons));
        let zone = rules.policy.zone.clone();
        let (has_roster, is_canvas) =
            (rules.roster.is_some(), rules.roster.as_ref().is_some_and(|roster| roster.is_canvas));
        Ok(Self { lessons, students, records, notes, zone, has_roster, is_canvas })
    }

    /// Whether the points come from a verdict of a machine that could not keep the submission from faking it.
    pub fn is_advisory(&self, grade: &LessonGrade) -> bool {
        let is_by_hand = grade.by_hand.iter().any(|given| given.gate.is_none());
        let is_of_record = grade.record.is_some_and(|index| self.records[index].advisory);
        grade.state == State::Graded && is_of_record && !is_by_hand
    }

    /// The most that somebody can have.
    pub fn max(&self) -> Points {
        self.lessons.iter().map(|lesson| lesson.max).sum()
    }

    /// Those who get a grade.
    pub fn listed(&self) -> impl Iterator<Item = &Student> {
        self.students.iter().filter(|student| student.stray.is_none())
    }

    /// Submissions that are nobody's.
    pub fn strays(&self) -> impl Iterator<Item = &Student> {
        self.students.iter().filter(|student| student.stray.is_some())
    }

    /// Those who have handed in nothing.
    pub fn missing(&self) -> impl Iterator<Item = &Student> {
        self.listed().filter(|student| student.records.is_empty())
    }

    /// A moment on the clocks of the class.
    pub fn time(&self, moment: Timestamp) -> String {
        times::shown(moment, self.zone.as_ref())
    }
}

impl Student {
    /// Why there is no number yet, if that is the grader's fault.
    pub fn grade_again(&self) -> Option<&str> {
        let again = self.lessons.iter().find(|lesson| matches!(lesson.state, State::GradeAgain(_)));
        again.and_then(|lesson| lesson.state.open())
    }

    /// Why there is no number yet, if a person has to decide.
    pub fn held(&self) -> Option<&str> {
        let held = self.lessons.iter().find(|lesson| matches!(lesson.state, State::Held(_)));
        held.and_then(|lesson| lesson.state.open())
    }

    /// The submission that most lessons count from.
    pub fn main_record(&self) -> Option<usize> {
        let count = |index: usize| self.lessons.iter().filter(|lesson| lesson.record == Some(index)).count();
        self.records.iter().copied().max_by_key(|index| (count(*index), std::cmp::Reverse(*index)))
    }

    /// The name of the file for this student, in the folder of their submission: of their own, in a group.
    pub fn feedback_file(&self, ending: &str) -> String {
        if !self.is_in_group {
            return format!("feedback.{ending}");
        }
        let Person { id, line, .. } = &self.person;
        let is_plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '_');
        let plain: String = id.chars().filter(|character| is_plain(*character)).take(60).collect();
        // What is left of two others may be alike.
        if plain == *id {
            format!("feedback-{plain}.{ending}")
        } else {
            format!("feedback-{plain}~{line}.{ending}")
        }
    }

    /// When what counts was handed in; the last of it.
    pub fn handed_in(&self) -> Option<Timestamp> {
        self.lessons.iter().filter_map(|lesson| lesson.handed_in).max()
    }

    pub fn is_late(&self) -> bool {
        self.lessons.iter().any(|lesson| lesson.delay.is_some())
    }

    /// In a word.
    pub fn status(&self) -> &'static str {
        if self.stray.is_some() {
            "nobody's"
        } else if self.grade_again().is_some() {
            "grade again"
        } else if self.held().is_some() {
            "held"
        } else if self.records.is_empty() {
            "nothing handed in"
        } else if self.is_late() {
            "late"
        } else {
            "graded"
        }
    }
}

fn nameless(record: &Record) -> Person {
    Person { id: record.submission.clone(), ..Person::default() }
}

/// The places of each person's submissions, and those that are nobody's with who they may be.
type Owned = (Vec<Person>, Vec<Vec<usize>>, Vec<(usize, Vec<String>)>);

fn of_roster(roster: &Roster, records: &[Record], notes: &mut Vec<String>) -> Owned {
    let names: Vec<_> = records.iter().map(|record| record.folder.as_str()).collect();
    let owners = Owners::new(&roster.people, roster.is_canvas, &names);
    let (mut owned, mut strays) = (vec![Vec::new(); roster.people.len()], Vec::new());
    for (index, record) in records.iter().enumerate() {
        match owners.of(&record.folder) {
            Owner::People(people) => people.into_iter().for_each(|person| owned[person].push(index)),
            Owner::Unknown(people) => {
                let candidates = people.into_iter().map(|person| roster.people[person].id.clone());
                strays.push((index, candidates.collect()));
            }
        }
    }
    for (person, name) in Owners::missing(&roster.people, &names) {
        let what = format_args!("no submission is called `{name}`, as `{}` should have", person.id);
        notes.push(roster.source.at_line(person.line, what).to_string());
    }
    (roster.people.clone(), owned, strays)
}

/// The submission that counts for a lesson.
fn best(
    lesson: &CountedLesson,
    attempts: &[Attempt<'_>],
    rules: &Rules,
    own: &OwnRules<'_>,
) -> Result<LessonGrade, Fault> {
    let of = |attempt| grade(lesson, attempt, &rules.policy, own, &rules.overrides);
    // Of several, those that hold the lesson.
    let holds = |attempt: &&Attempt<'_>| {
        attempt.record.lesson(&lesson.name).is_some_and(|lesson| lesson.digest.is_some())
            // Nobody knows what it holds.
            || (attempt.record.fault.is_some() && attempt.record.lessons.is_empty())
    };
    let holding: Vec<_> = attempts.iter().filter(holds).copied().collect();
    let attempts = if holding.is_empty() { attempts.to_vec() } else { holding };
    if rules.policy.several == Several::Last && attempts.len() > 1 {
        if let Some(unknown) = attempts.iter().find(|attempt| attempt.handed_in.is_none()) {
            let what = format!(
                "`several = \"last\"` needs the time at which `{}` was handed in: write it below `[handed_in]`",
                unknown.record.submission
            );
            let fault = rules.policy.source.as_ref().map(|source| source.fault(what));
            return fault.map_or_else(|| of(None), Err);
        }
        return of(attempts.into_iter().max_by_key(|attempt| attempt.handed_in));
    }
    let mut grades = attempts.into_iter().map(|attempt| of(Some(attempt))).collect::<Result<Vec<_>, _>>()?;
    // One that is still to be graded hides none that counts; a note says that it may be worth more.
    let rank = |grade: &LessonGrade| match grade.state {
        State::Graded => (3, grade.points()),
        State::Held(_) => (2, Points::ZERO),
        State::GradeAgain(_) => (1, Points::ZERO),
        State::Missing => (0, Points::ZERO),
    };
    let best = (0..grades.len()).max_by_key(|index| (rank(&grades[*index]), std::cmp::Reverse(*index)));
    best.map_or_else(|| of(None), |index| Ok(grades.swap_remove(index)))
}

fn total(lessons: &[LessonGrade], missing: Missing) -> Option<Total> {
    if lessons.iter().any(|lesson| lesson.state.open().is_some()) {
        return None;
    }
    let is_empty = lessons.iter().all(|lesson| lesson.state == State::Missing);
    let sum = || Total {
        raw: lessons.iter().map(|lesson| lesson.raw).sum(),
        penalty: lessons.iter().map(|lesson| lesson.penalty).sum(),
    };
    (!is_empty || missing == Missing::Zero).then(sum)
}
