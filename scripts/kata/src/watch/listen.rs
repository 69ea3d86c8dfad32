//! Listens for keys, saves, and signals to end.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crossterm::event;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::burst;
use super::event::Event;
use crate::leftovers::is_in_leftovers;

/// Sends keys as they are pressed, but not while another program has the terminal.
pub struct Keys {
    paused: Arc<AtomicBool>,
}

/// How long a key may wait for the thread that reads it to notice that it may not.
const TURN: Duration = Duration::from_millis(50);

impl Keys {
    pub fn listen(to: Sender<Event>) -> Self {
        let paused = Arc::new(AtomicBool::new(false));
        let is_paused = Arc::clone(&paused);
        thread::spawn(move || {
            loop {
                if is_paused.load(Ordering::SeqCst) {
                    thread::sleep(TURN);
                    continue;
                }
                let events = match next(TURN) {
                    Ok(None) => continue,
                    Ok(Some(first)) => burst::collect(first, || next(burst::GAP)),
                    Err(error) => Err(error),
                };
                // Without them, the terminal is gone.
                let is_gone = events.is_err();
                for event in events.unwrap_or_else(|_| vec![Event::Stop]) {
                    if to.send(event).is_err() {
                        return;
                    }
                }
                if is_gone {
                    return;
                }
            }
        });
        Self { paused }
    }

    /// Leaves the keys to another program while `work` runs.
    pub fn without<T>(&self, work: impl FnOnce() -> T) -> T {
        self.paused.store(true, Ordering::SeqCst);
        thread::sleep(TURN * 2);
        let result = work();
        self.paused.store(false, Ordering::SeqCst);
        result
    }
}

/// What the terminal sends within `time`, if it is something that the guide knows.
fn next(time: Duration) -> std::io::Result<Option<Event>> {
    while event::poll(time)? {
        match event::read()? {
            event::Event::Key(key) if key.is_press() => return Ok(Some(Event::Key(key))),
            event::Event::Paste(_) => return Ok(Some(Event::Pasted)),
            event::Event::Resize(..) => return Ok(Some(Event::Resized)),
            // A key that goes up again, for one.
            _ => {}
        }
    }
    Ok(None)
}

/// Sends an event when a signal asks the guide to end.
///
/// # Errors
///
/// When the system does not let this program listen.
#[cfg(unix)]
pub fn for_signals(to: Sender<Event>) -> anyhow::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    thread::spawn(move || {
        for signal in signals.forever() {
            let event = if signal == SIGINT { Event::Interrupted } else { Event::Stop };
            if to.send(event).is_err() {
                return;
            }
        }
    });
    Ok(())
}

/// Elsewhere a signal ends the guide by itself.
///
/// # Errors
///
/// None.
#[cfg(not(unix))]
pub fn for_signals(_to: Sender<Event>) -> anyhow::Result<()> {
    Ok(())
}

/// How often to poll where the system does not report saves.
const POLL: Duration = Duration::from_millis(250);
/// How often to poll where it does, in case it misses one.
const LOOK: Duration = Duration::from_secs(1);

/// How the guide learns of saves.
pub struct Saves {
    /// How often to look by oneself.
    pub interval: Duration,
    watcher: Option<RecommendedWatcher>,
}

impl Saves {
    /// Whether the guide has only its own eyes.
    pub fn is_polling(&self) -> bool {
        self.watcher.is_none()
    }

    /// Has the system tell of changes below `folder`, unless nothing is to be expected of it.
    pub fn listen(folder: &Path, only_poll: bool, to: Sender<Event>) -> Self {
        let polling = Self { interval: POLL, watcher: None };
        if only_poll || is_silent(folder) {
            return polling;
        }
        let top = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let tops = [folder.to_owned(), top];
        let tell = move |event: notify::Result<notify::Event>| {
            if !event.is_ok_and(|event| is_nothing(&event, &tops)) {
                let _ = to.send(Event::Touched);
            }
        };
        let watcher = notify::recommended_watcher(tell)
            .and_then(|mut watcher| watcher.watch(folder, RecursiveMode::Recursive).map(|()| watcher));
        match watcher {
            Ok(watcher) => Self { interval: LOOK, watcher: Some(watcher) },
            Err(_) => polling,
        }
    }
}

/// Whether no source has changed: something was read, or a program has written what no build reads, as a
/// database does all the time. The system may name folders by their real paths.
fn is_nothing(event: &notify::Event, tops: &[PathBuf]) -> bool {
    let is_leftover =
        |path: &PathBuf| tops.iter().any(|top| path.strip_prefix(top).is_ok_and(is_in_leftovers));
    matches!(event.kind, EventKind::Access(_))
        || (!event.paths.is_empty() && event.paths.iter().all(is_leftover))
}

/// Whether `folder` is where Linux hears nothing of changes that others make: a network's folder, one
/// that a container or a virtual machine shares, or Windows's own under WSL.
#[cfg(target_os = "linux")]
fn is_silent(folder: &Path) -> bool {
    /// From linux/magic.h and the sources of each: NFS, SMB, CIFS, SMB2, FUSE, 9p, vboxsf, AFS, Ceph.
    const SILENT: [u64; 9] = [
        0x6969,
        0x517b,
        0xff53_4d42,
        0xfe53_4d42,
        0x6573_5546,
        0x0102_1997,
        0x786f_4256,
        0x5346_414f,
        0x00c3_6400,
    ];
    #[expect(clippy::cast_sign_loss, reason = "a magic number, signed on some systems")]
    let kind = rustix::fs::statfs(folder).map(|system| system.f_type as u64 & 0xffff_ffff);
    kind.is_ok_and(|kind| SILENT.contains(&kind))
}

#[cfg(not(target_os = "linux"))]
fn is_silent(_folder: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use notify::{EventKind, event::AccessKind, event::CreateKind};

    use super::is_nothing;

    #[test]
    fn only_possible_source_files_are_watched() {
        // The course itself may lie in a folder of any name.
        let tops = [PathBuf::from("/tmp/pgdata/lessons")];
        let create = EventKind::Create(CreateKind::File);
        for (kind, paths, expected) in [
            (create, &["05-crud/src/lib.rs"][..], false),
            (create, &["05-crud/src/.lib.rs.swp"], true),
            (create, &["05-crud/pgdata/base/1/1259"], true),
            // A save by renaming.
            (create, &["05-crud/src/lib.rs~", "05-crud/src/lib.rs"], false),
            (create, &[], false),
            (EventKind::Access(AccessKind::Any), &["05-crud/src/lib.rs"], true),
        ] {
            let event =
                paths.iter().fold(notify::Event::new(kind), |event, path| event.add_path(tops[0].join(path)));
            assert_eq!(is_nothing(&event, &tops), expected, "{event:?}");
        }
        let elsewhere = notify::Event::new(create).add_path(PathBuf::from("/tmp/pgdata/x.rs"));
        assert!(!is_nothing(&elsewhere, &tops));
    }
}
