"""What tests of questions that find share."""

from entente.analysis import Answer, Found, found_in, settings_text


def found_alarms(answer: Answer) -> list[Found]:
    """What `answer` alarms about, asked with its own settings alone."""
    return [one for one in found_in(answer, settings_text(answer.parameters)) if one.is_alarm]
