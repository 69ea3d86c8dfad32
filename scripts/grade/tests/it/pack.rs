//! Hands a submission in as people and systems do: in archives, in other folders, with other line ends.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Deserialize;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::material::{bytes, place};

/// `[pack]` of a `submission.toml`.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pack {
    /// `folder`, `zip`, `tar` or `tar.gz`.
    #[serde(rename = "as")]
    form: String,
    /// Where the archive lies in the submission's folder; without it, the archive is the submission.
    name: Option<String>,
    /// An archive inside, which holds the files: its path there.
    inner: Option<String>,
    /// Taken from the beginning of each path; files whose paths begin otherwise are left out.
    without: String,
    /// Put before each path.
    before: String,
    /// Put before each path of a second copy.
    twin: Option<String>,
    /// Between the parts of a path, in place of `/`.
    separator: Option<String>,
    /// `crlf`, `mixed`, `mark`, `crlf mark`, `utf-16le` or `utf-16be`: what an editor does to each text.
    text: String,
    /// What else lies there.
    beside: Vec<Beside>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Beside {
    path: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    hex: String,
    /// Or that many MiB of nothing.
    #[serde(default)]
    mebibytes: usize,
}

type Files = BTreeMap<String, Vec<u8>>;

impl Pack {
    /// Puts the packed submission in the place of the folder.
    pub fn apply(&self, folder: &Path) {
        let mut files = Files::new();
        for file in kata::files::below(folder).unwrap() {
            let path = file.to_str().unwrap().replace('\\', "/");
            let Some(path) = path.strip_prefix(&self.without) else { continue };
            files
                .insert(format!("{}{path}", self.before), self.edited(fs::read(folder.join(&file)).unwrap()));
        }
        fs::remove_dir_all(folder).unwrap();
        if let Some(name) = &self.inner {
            let form = if name.ends_with(".zip") { "zip" } else { "tar.gz" };
            files = [(name.clone(), packed(form, &files))].into();
        }
        for beside in &self.beside {
            let content = match beside {
                Beside { mebibytes: 1.., .. } => vec![0; beside.mebibytes << 20],
                Beside { hex, .. } if !hex.is_empty() => bytes(hex),
                Beside { text, .. } => text.clone().into_bytes(),
            };
            files.insert(beside.path.clone(), content);
        }
        if let Some(separator) = &self.separator {
            files = files.into_iter().map(|(path, bytes)| (path.replace('/', separator), bytes)).collect();
        }
        match (self.form.as_str(), &self.name) {
            ("folder", _) => files.iter().for_each(|(path, bytes)| place(folder, path, bytes)),
            (form, Some(name)) => place(folder, name, &packed(form, &files)),
            (form, None) => {
                let file = format!("{}.{form}", folder.file_name().unwrap().to_str().unwrap());
                place(folder.parent().unwrap(), &file, &packed(form, &files));
            }
        }
    }

    fn edited(&self, content: Vec<u8>) -> Vec<u8> {
        let Ok(text) = String::from_utf8(content.clone()) else { return content };
        let crlf = || text.replace('\n', "\r\n");
        let marked = |text: &str| format!("\u{feff}{text}").into_bytes();
        let utf16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
            crlf().encode_utf16().fold(unit(0xfeff).to_vec(), |mut bytes, next| {
                bytes.extend(unit(next));
                bytes
            })
        };
        match self.text.as_str() {
            "" => content,
            "crlf" => crlf().into_bytes(),
            "mixed" => text.replacen('\n', "\r\n", text.lines().count() / 2).into_bytes(),
            "mark" => marked(&text),
            "crlf mark" => marked(&crlf()),
            "utf-16le" => utf16(u16::to_le_bytes),
            "utf-16be" => utf16(u16::to_be_bytes),
            other => panic!("no editor writes `{other}`"),
        }
    }
}

/// The bytes of an archive.
pub fn packed(form: &str, files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    match form {
        "zip" => {
            let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
            for (path, content) in files {
                archive.start_file(path.as_str(), SimpleFileOptions::default()).unwrap();
                archive.write_all(content).unwrap();
            }
            archive.finish().unwrap().into_inner()
        }
        "tar" => tar(files, Vec::new()),
        "tar.gz" => tar(files, GzEncoder::new(Vec::new(), Compression::fast())).finish().unwrap(),
        other => panic!("nothing is packed as `{other}`"),
    }
}

fn tar<W: Write>(files: &BTreeMap<String, Vec<u8>>, into: W) -> W {
    let mut archive = tar::Builder::new(into);
    for (path, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        // The library refuses names that lead elsewhere, and people's programs write them.
        let name = path.as_bytes();
        if name.len() < 100 {
            header.as_old_mut().name[..name.len()].copy_from_slice(name);
            header.set_cksum();
            archive.append(&header, content.as_slice()).unwrap();
        } else {
            archive.append_data(&mut header, path, content.as_slice()).unwrap();
        }
    }
    archive.into_inner().unwrap()
}

/// Writes an archive of these files.
pub fn write(path: &Path, form: &str, files: &[(&str, &[u8])]) {
    let files = files.iter().map(|(path, content)| ((*path).to_owned(), content.to_vec())).collect();
    File::create(path).unwrap().write_all(&packed(form, &files)).unwrap();
}
