//! One batch on several machines, and what makes a whole of it.

mod merged;
mod simulated;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use grade::key::Key;
use grade::shard::Shard;
use grade::shard::record::{File, Record};
use serde_json::{Value, json};

use crate::material::{course, grade, place_key};
use crate::verdicts::{put, verdict};

const NAMES: [&str; 7] = ["ann", "bob", "cy", "dee", "eve", "Zoë & <b>", "=1+1"];

/// The shards of one batch, as graders would have left them.
struct Batch {
    folder: tempfile::TempDir,
    key: PathBuf,
}

impl Batch {
    fn new(count: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = folder.path().join("run.key");
        Key::create(&key).unwrap();
        let batch = Self { folder, key };
        for index in 1..=count {
            batch.shard(&format!("out{index}"), Shard::new(index, count).unwrap(), &|_| {});
        }
        batch
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A shard, with its record as `change` leaves it.
    fn shard(&self, name: &str, shard: Shard, change: &dyn Fn(&mut Value)) {
        let (out, course) = (self.path(name), course());
        let mut verdicts = Vec::new();
        for name in NAMES.iter().filter(|name| shard.holds(name)) {
            let verdict = verdict(&course, name, &[("1", "PPF")]);
            put(&out, name, &verdict);
            verdicts.push(name);
        }
        fs::create_dir_all(&out).unwrap();
        let limits = |seconds: u64| {
            json!({
                "wall_milliseconds": seconds * 1000, "cpu_seconds": seconds, "memory": 1, "processes": 1,
                "files": 1, "written": 1, "output": 1,
            })
        };
        let mut record = json!({
            "shard": shard, "is_done": true, "course_version": "1.2.0", "canonical": "c".repeat(64),
            "seeds": { "published": 1, "fresh": [2] }, "submissions": NAMES,
            "options": {
                "lesson": ["01-database"], "build_limits": limits(240), "gate_limits": limits(10), "scan": true,
                "tier": "A", "repetition": false,
            },
        });
        change(&mut record);
        let key = Key::named(&self.key, &out).unwrap();
        for name in verdicts {
            let file = out.join(name).join("verdict.json");
            let text = fs::read_to_string(&file).unwrap();
            fs::write(file.with_file_name("verdict.seal"), key.seal(name, &text)).unwrap();
        }
        let record: Record = serde_json::from_value(record).unwrap();
        record.write(&out, File::Shard, &key).unwrap();
    }

    /// What a merge of these folders says, and how it ends.
    fn merge(&self, folders: &[&str]) -> (Option<i32>, String) {
        let folders: Vec<_> = folders.iter().map(|name| self.path(name).display().to_string()).collect();
        let folders: Vec<_> = folders.iter().map(String::as_str).collect();
        let (key, out) = (self.key.display().to_string(), self.path("all").display().to_string());
        let rest = ["--merge", "--key", &key, "--out", &out, "--format", "csv"];
        let output = grade(&[&folders[..], &rest].concat());
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn shard(index: u32, count: u32) -> Shard {
    Shard::new(index, count).unwrap()
}

#[test]
fn shards_can_be_merged_in_any_order() {
    let batch = Batch::new(3);
    assert_eq!(batch.merge(&["out3", "out1", "out2"]), (Some(1), String::new()));
    let table = fs::read_to_string(batch.path("all/gradebook.csv")).unwrap();
    let names: Vec<_> = table.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    assert_eq!(names, ["ann", "bob", "cy", "dee", "eve", "Zoë & <b>", "'=1+1"]);
    for name in NAMES {
        for file in ["verdict.json", "verdict.seal"] {
            let of = |folder: &str| fs::read(batch.path(folder).join(name).join(file)).ok();
            let merged = of("all");
            assert!(
                merged.is_some() && ["out1", "out2", "out3"].iter().any(|out| of(out) == merged),
                "{name}"
            );
        }
        assert!(batch.path("all").join(name).join("feedback.json").is_file());
    }
    // A later book knows the verdicts by the key.
    assert_eq!(fs::read(batch.path("all.key")).unwrap(), fs::read(&batch.key).unwrap());
    assert!(batch.path("all/seeds.json").is_file() && !batch.path("all/shard.json").exists());
    // It misses a verdict that somebody deletes.
    fs::remove_dir_all(batch.path("all/bob")).unwrap();
    let book = ["--book", batch.path("all").to_str().unwrap(), "--format", "csv"].map(str::to_owned);
    let said = String::from_utf8(grade(&book.each_ref().map(String::as_str)).stdout).unwrap();
    assert!(said.contains("bob: this run has graded it, and its verdict.json is gone"), "{said}");
}

#[test]
fn shards_that_do_not_belong_together_are_refused_and_nothing_is_written() {
    let batch = Batch::new(3);
    let four = |change: &dyn Fn(&mut Value)| batch.shard("other", shard(3, 3), change);
    let refused = |folders: &[&str], parts: &[&str]| {
        let (code, said) = batch.merge(folders);
        assert_eq!(code, Some(2), "{said}");
        for part in parts {
            assert!(said.contains(part), "`{part}` is not in `{said}`");
        }
        let written = fs::read_dir(batch.path("all")).unwrap().map(|entry| entry.unwrap().file_name());
        assert_eq!(written.collect::<Vec<_>>(), [".lock"], "{said}");
    };
    refused(&["out1", "out3"], &["shard 2 of 3 is missing"]);
    refused(&["out1"], &["shards 2, 3 of 3 are missing"]);
    refused(&["out1", "out2", "out3", "out2"], &["are both shard 2 of 3"]);
    refused(&["out1", "out2", "nowhere"], &["nowhere is not the folder of a shard"]);
    refused(&["out1", "out2", "all"], &["all is not the folder of a shard"]);
    batch.shard("other", shard(4, 4), &|_| {});
    refused(&["out1", "out2", "other"], &["other is shard 4 of 4", "out1 is shard 1 of 3"]);
    four(&|record| record["canonical"] = "d".repeat(64).into());
    refused(
        &["out1", "out2", "other"],
        &["other was graded with", "digest dddddddddddd", "digest cccccccccccc"],
    );
    four(&|record| record["course_version"] = "1.3.0".into());
    refused(&["out1", "out2", "other"], &["other was graded with", "1.3.0", "1.2.0"]);
    for (option, value, shown) in [
        (
            "gate_limits",
            json!({ "wall_milliseconds": 1, "cpu_seconds": 1, "memory": 1, "processes": 1,
            "files": 1, "written": 1, "output": 1 }),
            "--gate-time or --gate-memory was",
        ),
        ("lesson", json!(["05-crud"]), "--lesson was [\"05-crud\"] and not [\"01-database\"]"),
        ("scan", json!(false), "--no-scan was"),
        ("tier", json!("C"), "tier of the sandbox was \"C\" and not \"A\""),
        ("repetition", json!(true), "--seed was"),
    ] {
        four(&|record| record["options"][option] = value.clone());
        refused(&["out1", "out2", "other"], &["other was graded with other options", shown]);
    }
    four(&|record| record["seeds"]["fresh"] = json!([3]));
    refused(&["out1", "out2", "other"], &["other was graded on other seeds"]);
    four(&|record| record["submissions"] = json!(["ann", "bob", "cy", "dee", "eve", "Zoë & <b>"]));
    refused(&["out1", "out2", "other"], &["other saw other submissions", "`=1+1` only in one of them"]);
    four(&|record| record["submissions"] = json!(["../all", "ann"]));
    refused(&["out1", "out2", "other"], &["other is not the folder of a shard"]);
    four(&|record| record["is_done"] = false.into());
    refused(&["out1", "out2", "other"], &["other was cut short", "`--resume`"]);

    // Somebody has the folder, and not the key.
    four(&|_| {});
    let file = batch.path("other/shard.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"index\": 3", "\"index\": 2")).unwrap();
    refused(&["out1", "out3", "other"], &["other was graded with a different key", "has changed"]);
    fs::write(&file, "[".repeat(1 << 20)).unwrap();
    refused(&["out1", "out2", "other"], &["other is not the folder of a shard"]);
}

#[test]
fn a_verdict_of_a_shard_that_has_changed_is_not_merged() {
    let batch = Batch::new(2);
    let name = NAMES.into_iter().find(|name| shard(2, 2).holds(name)).unwrap();
    let file = batch.path("out2").join(name).join("verdict.json");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(&file, text.replace("\"points\":2", "\"points\":7")).unwrap();
    let (code, said) = batch.merge(&["out1", "out2"]);
    assert!(code == Some(2) && said.contains("has changed since it was graded"), "{said}");
    // Another's, with its seal.
    let other = NAMES.into_iter().find(|other| shard(1, 2).holds(other)).unwrap();
    for part in ["verdict.json", "verdict.seal"] {
        fs::copy(batch.path("out1").join(other).join(part), file.with_file_name(part)).unwrap();
    }
    let (code, said) = batch.merge(&["out1", "out2"]);
    assert!(code == Some(2) && said.contains("has changed since it was graded"), "{said}");
    fs::remove_file(&file).unwrap();
    let (code, said) = batch.merge(&["out1", "out2"]);
    assert!(code == Some(2) && said.contains("was cut short") && said.contains(name), "{said}");
    #[cfg(unix)]
    {
        // The right verdict behind a link.
        fs::write(batch.path("right.json"), text).unwrap();
        std::os::unix::fs::symlink(batch.path("right.json"), &file).unwrap();
        let (code, said) = batch.merge(&["out1", "out2"]);
        assert!(code == Some(2) && said.contains("was cut short"), "{said}");
    }
}

#[test]
fn a_key_that_does_not_match_is_refused() {
    let batch = Batch::new(2);
    let [one, two, key, short, out] =
        ["out1", "out2", "run.key", "short.key", "all"].map(|name| batch.path(name).display().to_string());
    let refused = |arguments: &[&str], why: &str| {
        let output = grade(arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(why), "`{why}` is not in `{said}`");
    };
    refused(&[&one, &two, "--merge", "--out", &out], "`--merge` needs `--key FILE`");
    refused(&[&one, "--shard", "1/2"], "`--shard` needs `--key FILE`");
    refused(&[&one, "--shard", "3/2", "--key", &key], "shard 3 of 2 does not exist");
    refused(&[&one, "--shard", "2", "--key", &key], "`2` is not a shard");
    refused(&[&one, "--shard", "1/2", "--key", &key, "--format", "csv"], "cannot be used with");
    refused(&[&one, &two, "--merge", "--key", &key], "`--merge` needs `--out`");
    refused(&[&one, &two, "--merge", "--key", &short, "--out", &out], "--new-key");
    place_key(batch.folder.path(), "short.key", "secret\n");
    refused(&[&one, &two, "--merge", "--key", &short, "--out", &out], "is not a key");
    let other = batch.path("other.key");
    assert_eq!(grade(&["--new-key", other.to_str().unwrap()]).status.code(), Some(0));
    assert_ne!(fs::read(&other).unwrap(), fs::read(&batch.key).unwrap());
    refused(
        &[&one, &two, "--merge", "--key", other.to_str().unwrap(), "--out", &out],
        "out1 was graded with a different key",
    );
    place_key(batch.folder.path(), "short.key", "");
    refused(&[&one, &two, "--merge", "--key", &short, "--out", &out], "is not a key");
    #[cfg(unix)]
    for mode in [0o644, 0o640, 0o604, 0o620] {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&other, fs::Permissions::from_mode(mode)).unwrap();
        let merge = [&one, &two, "--merge", "--key", other.to_str().unwrap(), "--out", &out];
        refused(&merge, "other users can read or change the key");
        fs::set_permissions(&other, fs::Permissions::from_mode(0o600)).unwrap();
    }
    // A key that did not fit is not kept for the whole.
    assert!(!batch.path("all.key").exists());
    let merged = grade(&[&one, &two, "--merge", "--key", &key, "--out", &out]);
    assert_eq!(merged.status.code(), Some(1));
    assert_eq!(fs::read(batch.path("all.key")).unwrap(), fs::read(&batch.key).unwrap());
    refused(&[&one, &two, "--merge", "--key", other.to_str().unwrap(), "--out", &out], "have another key");
    // The key beside results.
    for (text, why) in [("", "all.key is not a valid key"), ("secret", "all.key is not a valid key")] {
        place_key(batch.folder.path(), "all.key", text);
        refused(&["--book", &out], why);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(batch.path("all.key"), fs::Permissions::from_mode(0o666)).unwrap();
        refused(&["--book", &out], "chmod 600");
    }
    // A key that is there is never overwritten.
    let before = fs::read(&other).unwrap();
    assert_eq!(grade(&["--new-key", other.to_str().unwrap()]).status.code(), Some(3));
    assert_eq!(fs::read(&other).unwrap(), before);
}

#[test]
fn a_schedulers_variables_name_the_shard_or_the_error_names_them() {
    let said = |variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grade"));
        for name in ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "CI_NODE_INDEX", "CI_NODE_TOTAL"] {
            command.env_remove(name);
        }
        command.args(["nowhere", "--shard", "auto", "--key", "nowhere.key"]).envs(variables.iter().copied());
        let output = command.current_dir(crate::material::root()).output().unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, text) = said(&[]);
    assert!(code == Some(2) && text.contains("found no scheduler"), "{text}");
    let (code, text) = said(&[("CI_NODE_TOTAL", "6")]);
    assert!(code == Some(2) && text.contains("CI_NODE_INDEX is not set"), "{text}");
    let (_, text) = said(&[("CI_NODE_INDEX", "2"), ("CI_NODE_TOTAL", "6")]);
    assert!(
        text.contains("cannot read nowhere"),
        "the shard is clear, and what is missing is the folder: {text}"
    );
}

/// The files in a folder, by path inside it.
fn files(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let files = kata::files::below(folder).unwrap().into_iter();
    files.map(|path| (path.display().to_string(), fs::read(folder.join(path)).unwrap())).collect()
}
