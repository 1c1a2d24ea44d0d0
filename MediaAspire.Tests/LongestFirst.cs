using MediaAspire.Tests.Cluster;
using MediaAspire.Tests.Graph;
using MediaAspire.Tests.Jobs;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("MediaAspire.Tests.LongestFirst", "MediaAspire.Tests")]

namespace MediaAspire.Tests;

/// <summary>Starts the collections that take longest first.</summary>
/// <remarks>xunit's own order is another each time, and where a long collection happens to come late, everything else waits for it.</remarks>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] s_long = [GraphGroup.Name, PostgresTests.Name, RedisTests.Name];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.IndexOf(s_long, collection.DisplayName) is var place and >= 0 ? place : s_long.Length)
            .ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);
}
