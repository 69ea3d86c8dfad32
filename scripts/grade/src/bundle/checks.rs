//! What a bundle may not say, whoever has written it: then nothing of it is graded.

use std::collections::BTreeSet;

use kata::course::Course;
use kata::course::version;

use super::{Bundle, Content, bytes, digest_of};
use crate::batch::whole_digest;
use crate::text::line;

/// The most fresh seeds that a run has.
const MOST_SEEDS: usize = 20;

impl Bundle {
    /// What is wrong with it by itself, if anything is.
    pub(super) fn fault(&self) -> Option<String> {
        self.of_files().or_else(|| self.of_verdict()).or_else(|| self.of_seeds())
    }

    fn of_files(&self) -> Option<String> {
        for (lesson, files) in &self.files {
            let shown = line(lesson);
            if let Some(path) = files.keys().find(|path| !is_path(path)) {
                return Some(format!("`{}` is not the path of a file in a lesson", line(path)));
            }
            let is_folder = |path: &&String| files.keys().any(|other| other.starts_with(&format!("{path}/")));
            if let Some(path) = files.keys().find(is_folder) {
                return Some(format!("`{}` is a file and a folder in it", line(path)));
            }
            let digits = |content: &Content| matches!(content, Content::Hex(digits) if super::of_hex(digits).is_none());
            if files.values().any(digits) {
                return Some(format!("a file of {shown} is not in hexadecimal digits"));
            }
            let own = self.verdict.lessons.iter().find(|own| own.lesson == *lesson);
            let digest = own.and_then(|own| own.digest.as_ref());
            if digest != bytes(files).map(|taken| digest_of(&taken)).as_ref() {
                return Some(format!("the files of {shown} are not those that its verdict is about"));
            }
        }
        None
    }

    fn of_verdict(&self) -> Option<String> {
        let verdict = &self.verdict;
        let mut names = BTreeSet::new();
        for lesson in &verdict.lessons {
            let shown = line(&lesson.lesson);
            if !names.insert(&lesson.lesson) {
                return Some(format!("its verdict is about {shown} twice"));
            }
            if lesson.digest.is_some() && !self.files.contains_key(&lesson.lesson) {
                return Some(format!("the files of {shown} are missing"));
            }
        }
        let all = verdict.lessons.iter().map(|lesson| (lesson.lesson.as_str(), &lesson.digest));
        if verdict.digest != whole_digest(all) {
            return Some("its digest is not that of its lessons".to_owned());
        }
        (!verdict.adds_up()).then(|| "its points are not those of its gates".to_owned())
    }

    fn of_seeds(&self) -> Option<String> {
        let seeds = &self.verdict.seeds;
        let fresh: BTreeSet<_> = seeds.fresh.iter().copied().collect();
        if seeds.published != gate_contract::PUBLISHED_SEED {
            return Some(format!(
                "its published seed is {}, and not {}",
                seeds.published,
                gate_contract::PUBLISHED_SEED
            ));
        }
        let is_no_seed = |seed: &u64| *seed == seeds.published || *seed > 1 << 53;
        if let Some(seed) = fresh.iter().find(|seed| is_no_seed(seed)) {
            return Some(format!("{seed} is not a fresh seed"));
        }
        if fresh.len() != seeds.fresh.len() || fresh.len() > MOST_SEEDS {
            return Some(format!("its fresh seeds are not {MOST_SEEDS} different ones at most"));
        }
        let used = self
            .verdict
            .gates()
            .flat_map(|gate| gate.seed.into_iter().chain(gate.left.iter().map(|left| left.seed)));
        let other = used.into_iter().find(|seed| !seeds.all().any(|own| own == *seed));
        other.map(|seed| format!("a gate ran on seed {seed}, which its verdict does not list"))
    }

    /// What does not fit this course, if anything does not.
    ///
    /// # Errors
    ///
    /// When the course's version cannot be read.
    pub(super) fn fault_in(&self, course: &Course) -> anyhow::Result<Option<String>> {
        let (here, there) = (version::version(&course.root)?, self.verdict.course_version.clone());
        if here != there {
            let [there, here] = [there, here].map(|version| line(&version::named(version.as_deref())));
            return Ok(Some(format!("it was graded with another course: {there}, and here is {here}")));
        }
        for own in &self.verdict.lessons {
            let Some(lesson) = course.lessons.iter().find(|lesson| lesson.name == own.lesson) else {
                return Ok(Some(format!("this course has no lesson `{}`", line(&own.lesson))));
            };
            let is_known = |name: &str| lesson.manifest.gates.iter().any(|gate| gate.name == name);
            if let Some(gate) = own.gates.iter().find(|gate| !is_known(&gate.name)) {
                return Ok(Some(format!(
                    "lesson {} has no gate `{}` in this course",
                    lesson.name,
                    line(&gate.name)
                )));
            }
        }
        Ok(None)
    }
}

/// Whether a path stays in the folder of a lesson, on every system, and names a file there in one way.
fn is_path(path: &str) -> bool {
    let is_name = |name: &str| {
        let is_bad = |character: char| character.is_control() || matches!(character, '\\' | ':');
        !name.is_empty() && name != "." && name != ".." && !name.contains(is_bad)
    };
    path.split('/').all(is_name)
}
