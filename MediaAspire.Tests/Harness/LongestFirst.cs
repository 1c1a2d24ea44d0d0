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

/// <summary>Starts the slowest collections first.</summary>
/// <remarks>The order of xunit is random: a slow collection that starts late would delay the end of the run.</remarks>
public sealed class LongestFirst : ITestCollectionOrderer
{
    // By the time of each alone: 230 s for the graph, 9 s for the last.
    private static readonly string[] s_long =
    [
        GraphGroup.Name, NameOf<AppHostExitTests>(), NameOf<RedisJobQueueTests>(), NameOf<NamedFileTests>(), NameOf<HealthTests>(),
        NameOf<FileUploadTests>(), NameOf<RedisJobConsumerTests>(), NameOf<RebalanceTests>(), NameOf<StagingAreaTests>(),
        NameOf<TransferConnectionsTests>(), NameOf<PostgresJobQueueTests>(), NameOf<ShortFileTests>(),
    ];

    public IEnumerable<ITestCollection> OrderTestCollections(IEnumerable<ITestCollection> testCollections) =>
        testCollections.OrderBy(collection => Array.IndexOf(s_long, collection.DisplayName) is var place and >= 0 ? place : s_long.Length)
            .ThenBy(collection => collection.DisplayName, StringComparer.Ordinal);

    // A class without a collection is one of its own, which xunit names so.
    private static string NameOf<TClass>() => $"Test collection for {typeof(TClass).FullName}";
}
