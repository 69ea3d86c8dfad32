//! Makes cargo notice a new folder in `migrations`: `embed_migrations!` by itself sees changed files only.

fn main() {
    println!("cargo::rerun-if-changed=migrations");
}
