using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Filters;

namespace MediaAspire.Tests.Media.Filters;

public sealed class MediaPositionTests
{
    private static readonly MediaItem s_item = NewMedia.Of("a", "😀 Ärger\u0301", "content") with
    {
        CreatedAt = new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero).AddMicroseconds(123_456),
        UpdatedAt = DateTimeOffset.MaxValue,
    };

    [Theory]
    [InlineData(OrderKey.CreatedAt)]
    [InlineData(OrderKey.UploadedAt)]
    [InlineData(OrderKey.UpdatedAt)]
    [InlineData(OrderKey.Size)]
    [InlineData(OrderKey.Name)]
    public void A_cursor_is_the_position_that_it_was_made_of(OrderKey key)
    {
        var filter = new MediaFilter { Order = new(key, Descending: true) };
        var position = MediaPosition.Of(s_item, key);

        Assert.Equal(position, MediaPosition.Parse(position.Format(filter), filter));
    }

    [Fact]
    public void A_cursor_with_any_other_character_is_refused()
    {
        var filter = new MediaFilter();
        var cursor = MediaPosition.Of(s_item, OrderKey.CreatedAt).Format(filter);

        for (var i = 0; i < cursor.Length; i++)
        {
            foreach (var other in "Aa0_=+ \u00e9".Where(other => other != cursor[i]))
            {
                Assert.Null(MediaPosition.Parse(string.Concat(cursor.AsSpan(0, i), [other], cursor.AsSpan(i + 1)), filter));
            }

            Assert.Null(MediaPosition.Parse(cursor[..i], filter));
        }

        Assert.Null(MediaPosition.Parse(cursor + "A", filter));
        Assert.Null(MediaPosition.Parse(new string('A', 100_000), filter));
    }

    [Fact]
    public void A_cursor_of_another_filter_order_or_owner_is_refused()
    {
        var filter = new MediaFilter { Without = ["a", "b"] }.OfOwner(new MediaOwner("alice"));
        var cursor = MediaPosition.Of(s_item, OrderKey.CreatedAt).Format(filter);

        Assert.NotNull(MediaPosition.Parse(cursor, filter with { Without = ["b", "a"] }));
        Assert.Null(MediaPosition.Parse(cursor, filter with { Without = ["ab"] }));
        Assert.Null(MediaPosition.Parse(cursor, filter with { Order = new(OrderKey.CreatedAt, Descending: false) }));
        Assert.Null(MediaPosition.Parse(cursor, filter with { Order = new(OrderKey.UploadedAt, Descending: true) }));
        Assert.Null(MediaPosition.Parse(cursor, filter with { IsTemporary = true }));
        Assert.Null(MediaPosition.Parse(cursor, filter with { Match = new("a", [FilterFields.Name]) }));
        Assert.Null(MediaPosition.Parse(cursor, new MediaFilter { Without = ["a", "b"] }.OfOwner(new MediaOwner("bob"))));
    }
}
