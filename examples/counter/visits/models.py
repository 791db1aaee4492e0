from django.db import models, transaction


class Counter(models.Model):
    """How often a page was seen."""

    page = models.CharField(max_length=100, unique=True)
    visits = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return f"{self.page}: {self.visits}"

    @classmethod
    def visit(cls, page):
        """Counts one visit and returns how many there were, this one included."""
        with transaction.atomic():
            counter, _ = cls.objects.get_or_create(page=page)
            counter.visits += 1
            counter.save(update_fields=["visits"])
        return counter.visits
