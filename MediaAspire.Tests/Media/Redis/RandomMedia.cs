using System.Collections.Immutable;
using MediaAspire.Core.Checksums;
using MediaAspire.Core.Ids;
using MediaAspire.Core.Media;

namespace MediaAspire.Tests.Media.Redis;

/// <summary>Makes items of the catalog of every shape.</summary>
internal static class RandomMedia
{
    public static MediaItem Of(Random random) => new()
    {
        Id = Id(random),
        Owner = new(Text(random)),
        Kind = (MediaKind)random.Next(Enum.GetValues<MediaKind>().Length),
        Status = (MediaStatus)random.Next(1, 6),
        IsPublic = Flag(random),
        IsUnlisted = Flag(random),
        IsTemporary = Flag(random),
        IsDirectOnly = Flag(random),
        IsImmutable = Flag(random),
        HasPublicObjects = Flag(random),
        Name = Text(random),
        Alias = Flag(random) ? new MediaAlias(Text(random)) : null,
        Description = Optional(random),
        Website = Optional(random),
        Tags = List(random, Text),
        Categories = List(random, Text),
        Capabilities = List(random, Text),
        Custom = CustomValue.None.AddRange(
            List(random, Text).Distinct().Select(name => KeyValuePair.Create("c_" + name, Custom(random)))),
        Player = Optional(random),
        Width = Flag(random) ? random.Next() : null,
        Height = Flag(random) ? random.Next() : null,
        Parent = Flag(random) ? Id(random) : null,
        References = List(random, Id),
        Details = Optional(random),
        Deferred = Optional(random),
        Failure = Flag(random) ? new(Text(random), Text(random), random.Next()) : null,
        Attempt = Flag(random) ? new(Id(random).Value, new JobId(Id(random).Value), Time(random)) : null,
        Parts = [.. Enumerable.Range(1, random.Next(1, 4)).Select(number => PartOf(random, number))],
        CreatedAt = Time(random),
        UpdatedAt = Time(random),
        UploadedAt = OptionalTime(random),
        ReadyAt = OptionalTime(random),
        ExpiresAt = OptionalTime(random),
        RemovedAt = OptionalTime(random),
        Version = random.NextInt64(1, 1L << 50),
    };

    public static MediaPart PartOf(Random random, int number)
    {
        var hash = new byte[32];
        random.NextBytes(hash);
        return new(
            number * random.Next(1, 100), Text(random), Text(random), Text(random), random.NextInt64(1L << 50), new Sha256Digest(hash),
            (MediaPartState)random.Next(3))
        {
            ETag = Optional(random),
            MultipartId = Optional(random),
            UploadUntil = OptionalTime(random),
            StoredAt = OptionalTime(random),
        };
    }

    private static bool Flag(Random random) => random.Next(2) == 0;

    private static string? Optional(Random random) => Flag(random) ? Text(random) : null;

    private static string Text(Random random) => random.Next(4) switch
    {
        0 => "",
        1 => "größer 😀 " + (char)random.Next('a', 'z'),
        2 => new string('x', random.Next(1, 300)),
        _ => $"V{random.Next()}:",
    };

    private static MediaId Id(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new(new Guid(bytes));
    }

    private static CustomValue Custom(Random random) =>
        Flag(random) ? CustomValue.Of(Text(random)) : CustomValue.Of((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300)));

    private static ImmutableArray<T> List<T>(Random random, Func<Random, T> make) =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => make(random))];

    // PostgreSQL has microseconds.
    private static DateTimeOffset Time(Random random) =>
        DateTimeOffset.UnixEpoch.AddTicks(random.NextInt64(0, 1L << 58) / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond);

    private static DateTimeOffset? OptionalTime(Random random) => Flag(random) ? Time(random) : null;
}
