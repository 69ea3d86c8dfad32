//! The pages as a browser gets them.

mod exported;
mod gate_data;
mod judging;
mod pages;
mod real;
mod states;
