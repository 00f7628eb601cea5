import pytest

from tests.sandbox.tiny_town import TinyBot, manifest, world
from tests.support.stage import Stage


@pytest.fixture
def stage(tmp_path):
    with Stage(world(), manifest(), state=tmp_path) as stage:
        yield stage


@pytest.fixture
def bot(stage):
    bot = TinyBot(stage)
    stage.waits_for_the_bot()
    yield bot
    bot.close()


@pytest.fixture
def maja(stage):
    return stage.person("Maja Holm")
