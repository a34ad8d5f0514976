//! Manual control: sticks from a program.
