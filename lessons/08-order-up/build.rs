//! A new folder in `migrations` is noticed: `embed_migrations!` by itself sees changed files only.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
