//! Rules about traits, implementations and trait objects.
use super::check;

#[test]
fn implementations_stand_on_types_of_ours() {
    check(&[
        (
            "E0116",
            "impl Vec<u8> {\n    pub fn twice(&self) -> usize { self.len() * 2 }\n}\npub fn f(v: &Vec<u8>) -> usize { v.twice() }\n",
            "pub trait VecExt {\n    fn twice(&self) -> usize;\n}\n\nimpl VecExt for Vec<u8> {\n    fn twice(&self) -> usize { self.len() * 2 }\n}\npub fn f(v: &Vec<u8>) -> usize { v.twice() }\n",
        ),
        (
            "E0118",
            "impl<T: Copy> T {\n    fn twice(mut self) -> (T, T) { (self, self) }\n}\n",
            "trait TExt<T: Copy> {\n    fn twice(self) -> (T, T);\n}\n\nimpl<T: Copy> TExt<T> for T {\n    fn twice(mut self) -> (T, T) { (self, self) }\n}\n",
        ),
        (
            "E0390",
            "impl *mut u8 {\n    fn is_set(self) -> bool { !self.is_null() }\n}\n",
            "trait U8Ext {\n    fn is_set(self) -> bool;\n}\n\nimpl U8Ext for *mut u8 {\n    fn is_set(self) -> bool { !self.is_null() }\n}\n",
        ),
        (
            "E0390",
            "struct Log(u8);\nimpl &Log {\n    fn more(self, other: Self) -> bool { self.0 > other.0 }\n}\n",
            "struct Log(u8);\nimpl Log {\n    fn more(&self, other: &Self) -> bool { self.0 > other.0 }\n}\n",
        ),
        (
            "E0120",
            "struct Log(u8);\nimpl Drop for &mut Log {\n    fn drop(&mut self) { self.0 = 0; }\n}\n",
            "struct Log(u8);\nimpl Drop for Log {\n    fn drop(&mut self) { self.0 = 0; }\n}\n",
        ),
        (
            "E0120",
            "trait Part { fn stop(&mut self); }\nimpl Drop for dyn Part {\n    fn drop(&mut self) { self.stop(); }\n}\n",
            "trait Part { fn stop(&mut self); }\nstruct PartHolder(Box<dyn Part>);\n\nimpl Drop for PartHolder {\n    fn drop(&mut self) { self.0.stop(); }\n}\n",
        ),
        (
            "E0366",
            "struct Log<'a, T: Copy> { of: &'a T }\nimpl Drop for Log<'static, u8> {\n    fn drop(&mut self) { let _ = *self.of; }\n}\n",
            "struct Log<'a, T: Copy> { of: &'a T }\nimpl<'a, T: Copy> Drop for Log<'a, T> {\n    fn drop(&mut self) { let _ = *self.of; }\n}\n",
        ),
        (
            "E0367",
            "struct Log<T> { of: T }\nimpl<S: Clone> Drop for Log<S> {\n    fn drop(&mut self) { let _ = self.of.clone(); }\n}\n",
            "struct Log<T: Clone> { of: T }\nimpl<S: Clone> Drop for Log<S> {\n    fn drop(&mut self) { let _ = self.of.clone(); }\n}\n",
        ),
        (
            "E0119",
            "#[derive(Clone, Debug)]\nstruct Log(u8);\nimpl Clone for Log { fn clone(&self) -> Self { Log(self.0 + 1) } }\n",
            "#[derive(Debug)]\nstruct Log(u8);\nimpl Clone for Log { fn clone(&self) -> Self { Log(self.0 + 1) } }\n",
        ),
        (
            "E0184",
            "#[derive(Clone, Copy)]\nstruct Log(u8);\nimpl Drop for Log { fn drop(&mut self) { self.0 = 0; } }\n",
            "#[derive(Clone)]\nstruct Log(u8);\nimpl Drop for Log { fn drop(&mut self) { self.0 = 0; } }\n",
        ),
        (
            "E0207",
            "struct Log(u8);\nimpl<T: From<u8>> Log {\n    fn get(&self) -> T { T::from(self.0) }\n    fn raw(&self) -> u8 { self.0 }\n}\n",
            "struct Log(u8);\nimpl Log {\n    fn get<T: From<u8>>(&self) -> T { T::from(self.0) }\n    fn raw(&self) -> u8 { self.0 }\n}\n",
        ),
        (
            "E0207",
            "trait Make { type Of; fn make(&self) -> Self::Of; }\nstruct Maker;\nimpl<T: Default> Make for Maker {\n    type Of = T;\n    fn make(&self) -> T { T::default() }\n}\n",
            "trait Make { type Of; fn make(&self) -> Self::Of; }\nstruct Maker<T>(core::marker::PhantomData<T>);\nimpl<T: Default> Make for Maker<T> {\n    type Of = T;\n    fn make(&self) -> T { T::default() }\n}\n",
        ),
        (
            "E0197",
            "struct Log(u8);\nunsafe impl Log { fn get(&self) -> u8 { self.0 } }\n",
            "struct Log(u8);\nimpl Log { fn get(&self) -> u8 { self.0 } }\n",
        ),
    ]);
}

#[test]
fn what_a_trait_asks_for_is_read_off_what_is_there() {
    check(&[
        (
            "E0046",
            "struct Count(u8);\nimpl Iterator for Count {\n    fn next(&mut self) -> Option<u8> { self.0 += 1; Some(self.0) }\n}\n",
            "struct Count(u8);\nimpl Iterator for Count {\n    type Item = u8;\n    fn next(&mut self) -> Option<u8> { self.0 += 1; Some(self.0) }\n}\n",
        ),
        (
            "E0046",
            "trait Area { fn area(&self, scale: f64) -> f64; }\nstruct Disc(f64);\nimpl Area for Disc { fn area(&self, scale: f64) -> f64 { self.0 * scale } }\nstruct Tagged { disc: Disc }\nimpl Area for Tagged {}\n",
            "trait Area { fn area(&self, scale: f64) -> f64; }\nstruct Disc(f64);\nimpl Area for Disc { fn area(&self, scale: f64) -> f64 { self.0 * scale } }\nstruct Tagged { disc: Disc }\nimpl Area for Tagged {\n    fn area(&self, scale: f64) -> f64 { self.disc.area(scale) }\n}\n",
        ),
        (
            "E0046",
            "trait Seen { fn on_start(&mut self); }\nstruct Quiet;\nimpl Seen for Quiet {\n}\n",
            "trait Seen { fn on_start(&mut self); }\nstruct Quiet;\nimpl Seen for Quiet {\n    fn on_start(&mut self) {}\n}\n",
        ),
        (
            "E0323",
            "trait Sized2 { type Size; }\nstruct Box2;\nimpl Sized2 for Box2 {\n    const Size: u32 = 4;\n}\n",
            "trait Sized2 { const Size: u32; }\nstruct Box2;\nimpl Sized2 for Box2 {\n    const Size: u32 = 4;\n}\n",
        ),
        (
            "E0325",
            "trait Unit { const KIND: u32; }\nstruct Metre;\nimpl Unit for Metre {\n    type KIND = u64;\n}\n",
            "trait Unit { type KIND; }\nstruct Metre;\nimpl Unit for Metre {\n    type KIND = u64;\n}\n",
        ),
        (
            "E0326",
            "trait Limit { const MOST: u8; }\nstruct Wide;\nimpl Limit for Wide {\n    const MOST: u32 = 700;\n}\n",
            "trait Limit { const MOST: u32; }\nstruct Wide;\nimpl Limit for Wide {\n    const MOST: u32 = 700;\n}\n",
        ),
    ]);
}

#[test]
fn trait_objects_say_what_they_must() {
    check(&[
        (
            "E0038",
            "trait Draw { fn draw(&self) -> u8; fn with<T: Copy>(&self, of: T) -> T { of } }\nfn f(it: &dyn Draw) -> u8 { it.draw() }\n",
            "trait Draw { fn draw(&self) -> u8; fn with<T: Copy>(&self, of: T) -> T where Self: Sized { of } }\nfn f(it: &dyn Draw) -> u8 { it.draw() }\n",
        ),
        (
            "E0038",
            "trait Draw: Sized { fn draw(&self) -> u8; }\nfn f(it: &dyn Draw) -> u8 { it.draw() }\n",
            "trait Draw { fn draw(&self) -> u8; }\nfn f(it: &dyn Draw) -> u8 { it.draw() }\n",
        ),
        (
            "E0191",
            "trait Read { type Out; fn read(&self) -> Self::Out; }\nfn f(it: &dyn Read) { it.read(); }\n",
            "trait Read { type Out; fn read(&self) -> Self::Out; }\nfn f<T>(it: &dyn Read<Out = T>) { it.read(); }\n",
        ),
        (
            "E0191",
            "trait Read { type Out; fn read(&self) -> Self::Out; }\nimpl Read for u8 { type Out = u16; fn read(&self) -> u16 { 3 } }\nfn f(it: &dyn Read) -> u16 { it.read() }\n",
            "trait Read { type Out; fn read(&self) -> Self::Out; }\nimpl Read for u8 { type Out = u16; fn read(&self) -> u16 { 3 } }\nfn f(it: &dyn Read<Out = u16>) -> u16 { it.read() }\n",
        ),
        (
            "E0393",
            "trait Add2<By = Self> {}\nstruct Adds { all: Vec<Box<dyn Add2>> }\n",
            "trait Add2<By = Self> {}\nstruct Adds<T> { all: Vec<Box<dyn Add2<T>>> }\n",
        ),
        ("E0224", "type Kept = Box<dyn 'static +>;\n", "type Kept = Box<dyn 'static + std::any::Any>;\n"),
        (
            "E0225",
            "use std::fmt::{Debug, Display};\nfn f(it: Box<dyn Debug + Display + Send>) -> String { it.to_string() }\n",
            "use std::fmt::{Debug, Display};\ntrait DebugDisplay: Debug + Display {}\n\nimpl<T: Debug + Display + ?Sized> DebugDisplay for T {}\n\nfn f(it: Box<dyn DebugDisplay + Send>) -> String { it.to_string() }\n",
        ),
        (
            "E0391",
            "trait Front: Back + Copy {}\ntrait Back: Front {}\n",
            "trait Front: Back + Copy {}\ntrait Back {}\n",
        ),
        (
            "E0404",
            "type Words = dyn Iterator<Item = String>;\nfn f<T: Words>(it: T) -> usize { it.count() }\n",
            "type Words = dyn Iterator<Item = String>;\nfn f<T: Iterator<Item = String>>(it: T) -> usize { it.count() }\n",
        ),
        (
            "E0161",
            "trait Run { fn run(self) -> u8; }\nimpl Run for u8 { fn run(self) -> u8 { self + 1 } }\nfn f(it: Box<dyn Run>) -> u8 { it.run() }\n",
            "trait Run { fn run(&self) -> u8; }\nimpl Run for u8 { fn run(&self) -> u8 { self + 1 } }\nfn f(it: Box<dyn Run>) -> u8 { it.run() }\n",
        ),
        (
            "E0801",
            "struct Log(u8);\nimpl Log { fn get<R: std::ops::Deref<Target = Self>>(self: R) -> u8 { self.0 } }\n",
            "struct Log(u8);\nimpl Log { fn get(&self) -> u8 { self.0 } }\n",
        ),
        (
            "E0220",
            "trait Read {\n    fn read(&self) -> Self::Out;\n}\n",
            "trait Read {\n    type Out;\n    fn read(&self) -> Self::Out;\n}\n",
        ),
        (
            "E0790",
            "trait Make { fn make() -> u8; }\nstruct One;\nimpl Make for One { fn make() -> u8 { 1 } }\nfn f() -> u8 { Make::make() }\n",
            "trait Make { fn make() -> u8; }\nstruct One;\nimpl Make for One { fn make() -> u8 { 1 } }\nfn f() -> u8 { <One as Make>::make() }\n",
        ),
        (
            "E0223",
            "trait Kind { type Of; }\nstruct One;\nimpl Kind for One { type Of = u8; }\nfn f(it: Kind::Of) -> u8 { it }\n",
            "trait Kind { type Of; }\nstruct One;\nimpl Kind for One { type Of = u8; }\nfn f(it: <One as Kind>::Of) -> u8 { it }\n",
        ),
    ]);
}
