using System.Globalization;
using Xunit.Abstractions;

namespace MediaAspire.Tests.Faults;

/// <summary>Clients store, read and delete while processes are killed and paused and disks lose bytes. docs/operations/faults.md.</summary>
[Collection(FaultGroup.Name)]
public sealed class FaultCampaignTests(ITestOutputHelper output)
{
    [Fact]
    public async Task No_acknowledged_byte_is_lost_and_no_refused_one_is_seen_under_faults()
    {
        var options = CampaignOptions.FromEnvironment();
        var directory = options.Output is { } kept
            ? Directory.CreateDirectory(kept)
            : Directory.CreateTempSubdirectory(string.Create(CultureInfo.InvariantCulture, $"mediaaspire-faults-log-{options.Seed}-"));
        string table;
        using (var log = new CampaignLog(directory.FullName))
        {
            try
            {
                await new Campaign(options, log).RunAsync();
                table = log.Table();
            }
            catch (Exception violation)
            {
                log.Write("campaign", $"failed: {violation}");
                var message = string.Create(CultureInfo.InvariantCulture, $"""
                    {violation.Message}
                    Seed {options.Seed}; repeat with: {options.ReplayCommand}
                    Logs are in {directory.FullName}
                    {log.Table()}
                    """);
                throw new InvalidOperationException(message, violation);
            }
        }

        output.WriteLine(table);
        await File.WriteAllTextAsync(Path.Combine(directory.FullName, "summary.txt"), table);
        if (options.Output is null)
        {
            directory.Delete(recursive: true);
        }
    }
}

/// <summary>The collection of tests that run alone: other tests would cause timeouts.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultGroup
{
    public const string Name = "Faults";
}
