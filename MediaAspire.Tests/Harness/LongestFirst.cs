using MediaAspire.Tests.Chunks;
using MediaAspire.Tests.Files;
using MediaAspire.Tests.Graph;
using MediaAspire.Tests.Jobs;
using MediaAspire.Tests.NamedFiles;
using MediaAspire.Tests.Queue;
using MediaAspire.Tests.Rebalancing;
using MediaAspire.Tests.ServiceDefaults;
using MediaAspire.Tests.Staging;
using Xunit.Abstractions;

[assembly: TestCollectionOrderer("MediaAspire.Tests.Harness.LongestFirst", "MediaAspire.Tests")]

namespace MediaAspire.Tests.Harness;

/// <summary>Starts the collections that take longest first.</summary>
/// <remarks>xunit's own order is random, and everything else would wait for a long collection that happens to come late.</remarks>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // By the time that each takes alone, with 230 s for the graph and 9 s for the last.
    private static readonly string[] s_long =
    [
        GraphGroup.Name, NameOf<AppHostExitTests>(), NameOf<RedisJobQueueTests>(), NameOf<NamedFileTests>(), NameOf<HealthTests>(),
        NameOf<FileUploadTests>(), NameOf<RedisJobConsumerTests>(), NameOf<RebalanceTests>(), NameOf<StagingAreaTests>(),
        NameOf<TransferConnectionsTests>(), NameOf<PostgresJobQueueTests>(), NameOf<ShortFileTests>(),
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.IndexOf(s_long, collection.DisplayName) is var place and >= 0 ? place : s_long.Length)
            .ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);

    // A class without a collection of its own name is one: xunit calls it so.
    private static string NameOf<TClass>() => $"Test collection for {typeof(TClass).FullName}";
}
