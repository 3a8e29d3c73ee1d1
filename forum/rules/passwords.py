"""What a password must be: long, and not what anybody would try first.

No rule asks for digits or signs: they make passwords hard to remember, not to guess.
"""

import re

from forum.rules.slugs import fold

SHORTEST = 10
# Hashing costs time that grows with the length, so the length has an end.
LONGEST = 1_000
_SHORTEST_PART = 4

# The words that the commonest passwords are made of; digits and signs around such a
# word do not help, so they are cut off before looking here.
_WORDS = """
    password passwords passwort passw0rd p4ssword p@ssw0rd p@ssword pa$$word
    pa55word passwd passphrase motdepasse contrasena contraseña senha wachtwoord
    haslo parola qwerty qwertz azerty qwertyu qwertyui qwertyuio qwertyuiop
    qwertzuiop azertyuiop asdf asdfg asdfgh asdfghj asdfghjk asdfghjkl zxcv zxcvb
    zxcvbn zxcvbnm qazwsx qazwsxedc 1qaz2wsx 1q2w3e 1q2w3e4r 1q2w3e4r5t q1w2e3
    q1w2e3r4 q1w2e3r4t5 zaq12wsx qweasd qweasdzxc asdasd qweqwe asdfasdf qwerqwer
    poiuytrewq lkjhgfdsa mnbvcxz abc abcd abcde abcdef abcdefg abcdefgh abcdefghi
    abcdefghij abc123 a1b2c3 a1b2c3d4 letmein letmeinplease opensesame open sesame
    welcome welcomeback willkommen bienvenue bienvenido benvenuto hello hellohello
    helloworld hello-world hallo hallohallo bonjour hola ciao goodmorning goodbye
    iloveyou iloveu ilove loveyou loveme mylove trustno1 trustnoone changeme
    changemenow change-me changeit changethis change this default secret topsecret
    secretsecret mysecret mypassword my nopassword newpassword oldpassword
    yourpassword thepassword thisismypassword passwordpassword password1password
    admin administrator administrador adminadmin admin123admin root rootroot toor
    user username useruser guest guestguest test testing tester testtest test-test
    testuser demo demodemo example sample temp temporary temppass login loginlogin
    logmein access access14 master mastermaster superuser superman batman spiderman
    starwars pokemon minecraft fortnite pikachu naruto dragon dragonball monkey
    shadow sunshine princess football baseball basketball soccer hockey tennis
    liverpool arsenal chelsea barcelona realmadrid juventus manchester yankees
    cowboys steelers eagles ferrari mercedes porsche corvette mustang harley michael
    michelle jennifer jessica jordan charlie daniel thomas andrew joshua matthew
    robert george ashley nicole amanda samantha anthony summer winter spring autumn
    sommer monday tuesday wednesday thursday friday saturday sunday january february
    march april august september october november december freedom whatever nothing
    computer internet samsung google facebook microsoft windows linux ubuntu android
    iphone company companyname office commonplace forum business hunter killer ninja
    angel cookie chocolate banana cheese coffee flower butterfly purple orange
    yellow silver golden diamond correcthorsebatterystaple correct horse battery
    staple
"""
_COMMON = frozenset(_WORDS.split()) | {
    "correct horse battery staple",
    "open sesame",
    "change this",
    "my password",
}
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjkl")


def problems(password: str, email: str = "", name: str = "") -> list[str]:
    """Message keys of all that is wrong; empty when the password may be used.

    At least ten characters of any kind, without the person's mail address or a part of
    their name, and not a common password, however it is written.
    """
    found = []
    folded = fold(password)
    if len(password) < SHORTEST:
        found.append("password.too_short")
    if len(password) > LONGEST:
        found.append("password.too_long")
    if _holds(folded, [fold(email), fold(email).partition("@")[0]]):
        found.append("password.holds_mail")
    if _holds(folded, [fold(name), *fold(name).split()]):
        found.append("password.holds_name")
    if _is_common(folded[:LONGEST]):
        found.append("password.too_common")
    return found


def _holds(password: str, parts: list[str]) -> bool:
    # Shorter parts ("Li", "Ann") stand in words by chance.
    return any(len(part) >= _SHORTEST_PART and part in password for part in parts)


def _is_common(password: str) -> bool:
    core = _AROUND.sub("", password)
    if not password or password in _COMMON or core in _COMMON:
        return True
    # One to four characters over and over, or a run along alphabet or keyboard.
    if any(password in (password[:n] * len(password)) for n in range(1, 5)):
        return True
    return any(password in run or password in run[::-1] for run in _RUNS)
