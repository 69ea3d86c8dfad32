//! What the guide waits for: keys, saves, builds, and signals to end.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crossterm::event::{self, KeyEvent};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::run::Said;

pub enum Event {
    Key(KeyEvent),
    Resized,
    /// A file may have changed.
    Touched,
    /// From the build or the gates of the run with this number.
    Run(u64, Said),
    /// From the building of what later lessons need.
    Warm(u64, Said),
    /// Somebody ends the guide from outside.
    Stop,
}

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
                let event = match event::poll(TURN) {
                    Ok(false) => continue,
                    Ok(true) => event::read(),
                    Err(error) => Err(error),
                };
                let sent = match event {
                    Ok(event::Event::Key(key)) if key.is_press() => to.send(Event::Key(key)),
                    Ok(event::Event::Resize(..)) => to.send(Event::Resized),
                    Ok(_) => Ok(()),
                    // The terminal is gone.
                    Err(_) => to.send(Event::Stop).and(Err(std::sync::mpsc::SendError(Event::Stop))),
                };
                if sent.is_err() {
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

/// Sends a word when the system is told to end the guide.
#[cfg(unix)]
pub fn listen_for_signals(to: Sender<Event>) -> anyhow::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    thread::spawn(move || {
        for _ in signals.forever() {
            if to.send(Event::Stop).is_err() {
                return;
            }
        }
    });
    Ok(())
}

#[cfg(not(unix))]
pub fn listen_for_signals(_to: Sender<Event>) -> anyhow::Result<()> {
    Ok(())
}

/// Where no word of a save comes, the guide looks this often by itself.
const POLL: Duration = Duration::from_millis(250);
/// Where it comes, it looks all the same, for the one that does not come.
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
        let tell = move |event: notify::Result<notify::Event>| {
            let is_read = event.is_ok_and(|event| matches!(event.kind, EventKind::Access(_)));
            if !is_read {
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
