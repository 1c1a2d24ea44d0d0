using MediaAspire.Core.Ids;

namespace MediaAspire.Tests.Harness;

/// <summary>Creates server ids that are the same in every run.</summary>
internal static class Servers
{
    public static ServerId[] Make(int count, int seed = 1)
    {
        var random = new Random(seed);
        var bytes = new byte[ServerId.Size];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            random.NextBytes(bytes);
            return ServerId.Read(bytes);
        })];
    }
}
