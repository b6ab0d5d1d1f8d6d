"""What is played lasts as long as it would on a real switch, and music is known as music."""

from pathlib import Path

from freeswitch.simulator.sounds import heard, seconds

SOUNDS = Path(__file__).parent.parent.parent / "freeswitch" / "sounds"


def test_a_sound_file_lasts_as_long_as_it_is():
    assert seconds(str(SOUNDS / "hold.wav")) == 32.0
    assert 2.5 < seconds(str(SOUNDS / "pl" / "picked-up-by.wav")) < 3


def test_the_music_on_hold_is_no_prompt():
    assert heard(str(SOUNDS / "hold.wav")) == "music"
    assert heard("pl/busy.wav") == "prompt:busy.wav"


def test_a_relative_name_is_found_where_the_configuration_says(stage):
    anna = stage.phone("101")
    stage.controller.script(stage.call(anna), "playback hold.wav", "set pbx_step=2")
    stage.settle()
    assert anna.view().hears == "music"
    stage.advance(31)
    assert anna.view().hears == "music"
    stage.advance(1)
    assert anna.view().hears == "silence"


def test_playback_can_be_cut_short(stage):
    anna = stage.phone("101")
    stage.controller.script(stage.call(anna), "set playback_timeout_sec=5", "playback hold.wav")
    stage.advance(4)
    assert anna.view().hears == "music"
    stage.advance(1)
    assert anna.view().hears == "silence"


def test_who_is_held_hears_the_configurations_music(stage):
    anna, bartek = stage.phone("101"), stage.phone("102")
    stage.controller.script(stage.call(anna), "bridge user/102@acme.test")
    stage.settle()
    bartek.answer()
    stage.settle()
    bartek.hold()
    assert anna.view().hears == "music"
    bartek.resume()
    assert anna.view().hears == "peer:102"
