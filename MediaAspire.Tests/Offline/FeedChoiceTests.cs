using System.Runtime.InteropServices;

namespace MediaAspire.Tests.Offline;

/// <summary>A package that the user's own sources have is never put into the local feed.</summary>
public sealed class FeedChoiceTests : IDisposable
{
    private readonly FeedScratchCopy _copy = new();
    private readonly CancellationTokenSource _timeout = new(TimeSpan.FromMinutes(2));

    [Fact]
    public async Task BuildFeed_SourceHasEverything_LeavesNothingOfTheFeed()
    {
        FillSource();
        var stale = Path.Combine(_copy.Feed, "Grpc.Core.Api.1.0.0.nupkg");
        File.WriteAllText(stale, "left from a time when the source had less");
        File.WriteAllText(_copy.GeneratedConfiguration, "<configuration><!-- Written by offline/build-feed.sh --></configuration>");

        var plan = await PlanAsync();
        await _copy.RunAsync(_timeout.Token);

        Assert.All(plan.Values, kind => Assert.Equal("genuine", kind));
        Assert.Equal(_copy.Supplied().Select(package => package.Id).Order(), plan.Keys.Order());
        Assert.Empty(Directory.EnumerateFiles(_copy.Feed, "*.nupkg"));
        Assert.False(File.Exists(_copy.GeneratedConfiguration));
    }

    [Fact]
    public async Task Plan_SourceLacksOne_SuppliesThatOne()
    {
        FillSource();
        _copy.Source.Remove(Named("System.IO.Hashing"));

        var plan = await PlanAsync();

        Assert.Equal("repackaged", plan["System.IO.Hashing"]);
        Assert.All(plan.Where(each => each.Key != "System.IO.Hashing"), each => Assert.Equal("genuine", each.Value));
    }

    [Fact]
    public async Task Plan_SourceLacksADependency_SuppliesItsDependantsToo()
    {
        FillSource();
        _copy.Source.Add(Named("Grpc.Net.Client"), Named("Grpc.Net.Common"));
        _copy.Source.Remove(Named("Grpc.Net.Common"));

        var plan = await PlanAsync();

        Assert.Equal(["Grpc.Net.Client", "Grpc.Net.Common"], plan.Where(each => each.Value != "genuine").Select(each => each.Key).Order());
    }

    public void Dispose()
    {
        _timeout.Dispose();
        _copy.Dispose();
    }

    private void FillSource()
    {
        foreach (var package in _copy.Supplied())
        {
            _copy.Source.Add(package);
            if (package.Id == "Aspire.AppHost.Sdk")
            {
                // The SDK adds these two to every AppHost.
                _copy.Source.Add(package with { Id = "Aspire.Dashboard.Sdk." + RuntimeInformation.RuntimeIdentifier });
                _copy.Source.Add(package with { Id = "Aspire.Hosting.Orchestration." + RuntimeInformation.RuntimeIdentifier });
            }
        }
    }

    private PackageIdentity Named(string id) => _copy.Supplied().Single(package => package.Id == id);

    private async Task<Dictionary<string, string>> PlanAsync()
    {
        var plan = await _copy.RunAsync(_timeout.Token, "--plan");
        return plan.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' '))
            .ToDictionary(parts => parts[0], parts => parts[2]);
    }
}
