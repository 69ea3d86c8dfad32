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
    #[serde(rename = "as")]
    form: Form,
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
    /// How an editor has written each text.
    text: Option<Encoding>,
    /// What else lies there.
    beside: Vec<Beside>,
}

#[derive(Clone, Copy, Default, Deserialize)]
pub enum Form {
    #[default]
    #[serde(rename = "folder")]
    Folder,
    #[serde(rename = "zip")]
    Zip,
    #[serde(rename = "tar")]
    Tar,
    #[serde(rename = "tar.gz")]
    TarGz,
}

#[derive(Deserialize)]
enum Encoding {
    #[serde(rename = "crlf")]
    Crlf,
    #[serde(rename = "mixed")]
    Mixed,
    #[serde(rename = "mark")]
    Mark,
    #[serde(rename = "crlf mark")]
    CrlfMark,
    #[serde(rename = "utf-16le")]
    Utf16Le,
    #[serde(rename = "utf-16be")]
    Utf16Be,
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

impl Form {
    fn ending(self) -> &'static str {
        match self {
            Self::Folder => "",
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::TarGz => "tar.gz",
        }
    }
}

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
            let form = if name.ends_with(".zip") { Form::Zip } else { Form::TarGz };
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
        match (self.form, &self.name) {
            (Form::Folder, _) => files.iter().for_each(|(path, bytes)| place(folder, path, bytes)),
            (form, Some(name)) => place(folder, name, &packed(form, &files)),
            (form, None) => {
                let name = folder.file_name().unwrap().to_str().unwrap();
                let file = format!("{name}.{}", form.ending());
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
        match &self.text {
            None => content,
            Some(Encoding::Crlf) => crlf().into_bytes(),
            Some(Encoding::Mixed) => text.replacen('\n', "\r\n", text.lines().count() / 2).into_bytes(),
            Some(Encoding::Mark) => marked(&text),
            Some(Encoding::CrlfMark) => marked(&crlf()),
            Some(Encoding::Utf16Le) => utf16(u16::to_le_bytes),
            Some(Encoding::Utf16Be) => utf16(u16::to_be_bytes),
        }
    }
}

/// The bytes of an archive.
pub fn packed(form: Form, files: &BTreeMap<String, Vec<u8>>) -> Vec<u8> {
    match form {
        Form::Zip => {
            let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
            for (path, content) in files {
                archive.start_file(path.as_str(), SimpleFileOptions::default()).unwrap();
                archive.write_all(content).unwrap();
            }
            archive.finish().unwrap().into_inner()
        }
        Form::Tar => tar(files, Vec::new()),
        Form::TarGz => tar(files, GzEncoder::new(Vec::new(), Compression::fast())).finish().unwrap(),
        Form::Folder => panic!("a folder is not packed"),
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
pub fn write(path: &Path, form: Form, files: &[(&str, &[u8])]) {
    let files = files.iter().map(|(path, content)| ((*path).to_owned(), content.to_vec())).collect();
    File::create(path).unwrap().write_all(&packed(form, &files)).unwrap();
}
