using System.Collections.Immutable;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;
using MediaAspire.Core.Media.Redis;

namespace MediaAspire.Tests.Media.Redis;

public sealed class MediaValueTests
{
    [Fact]
    public void Any_item_is_the_same_after_a_round_trip()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var item = RandomMedia.Of(new Random(seed));

            var bytes = MediaValue.Encode(item);
            var decoded = MediaValue.TryDecode(bytes, item.Id);

            Assert.NotNull(decoded);
            Assert.Equivalent(item, decoded, strict: true);
            Assert.Equal(bytes, MediaValue.Encode(decoded));
        }
    }

    [Fact]
    public void Every_property_of_an_item_and_a_part_changes_the_value()
    {
        // A property that is new in the domain and missing in the format would be lost by every read from Redis.
        AssertCovers<MediaItem>(new Random(1), RandomMedia.Of, item => MediaValue.Encode(item), computed: nameof(MediaItem.Size));
        AssertCovers<MediaPart>(
            new Random(2),
            random => RandomMedia.PartOf(random, 1),
            part => MediaValue.Encode(RandomMedia.Of(new Random(3)) with { Parts = [part] }));
    }

    [Fact]
    public void Damaged_bytes_are_refused()
    {
        var item = RandomMedia.Of(new Random(5));
        var bytes = MediaValue.Encode(item);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Null(MediaValue.TryDecode(bytes[..length], item.Id));
        }

        var random = new Random(6);
        for (var i = 0; i < 5000; i++)
        {
            var damaged = bytes.ToArray();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var decoded = MediaValue.TryDecode(damaged, item.Id);
            Assert.True(decoded is null || decoded.Id == item.Id);
        }
    }

    [Fact]
    public void A_value_of_another_format_or_another_item_counts_as_absent()
    {
        var item = RandomMedia.Of(new Random(7));
        var bytes = MediaValue.Encode(item);
        Assert.Null(MediaValue.TryDecode(bytes, MediaId.New(TimeProvider.System)));

        bytes[Array.IndexOf(bytes, (byte)':') + 1]++;
        Assert.Null(MediaValue.TryDecode(bytes, item.Id));
        Assert.Equal(item.Version, MediaValue.VersionOf(bytes));
    }

    private static void AssertCovers<T>(Random random, Func<Random, T> make, Func<T, byte[]> encode, params string[] computed)
        where T : class
    {
        var properties = typeof(T).GetProperties().Where(property => !computed.Contains(property.Name)).ToList();
        Assert.NotEmpty(properties);
        foreach (var property in properties)
        {
            var changed = Enumerable.Range(0, 20).Any(_ =>
            {
                var one = make(random);
                var bytes = encode(one);
                var copy = make(random);
                property.SetValue(one, property.GetValue(copy));
                return !bytes.AsSpan().SequenceEqual(encode(one));
            });
            Assert.True(changed, $"{typeof(T).Name}.{property.Name} is not in the value. Add it, and raise the number of the format.");
        }
    }
}
