"""Who a rule speaks of, by the words that describe people."""

from ikrar.domain.persons import classes_of


def test_what_people_write_as_their_post_does_not_pile_up():
    before = classes_of.cache_info()
    assert before.maxsize is not None
    for number in range(before.maxsize + 10):
        classes_of("pns", f"Analis {number}")
    assert classes_of.cache_info().currsize == before.maxsize
