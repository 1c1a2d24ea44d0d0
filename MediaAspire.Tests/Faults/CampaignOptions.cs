using System.Globalization;

namespace MediaAspire.Tests.Faults;

/// <summary>The settings of a campaign. <c>bench/faults.sh</c> sets the variables; without them a short one runs.</summary>
/// <param name="Seed">The seed of every decision.</param>
/// <param name="Duration">The duration of clients and faults, before the cluster recovers.</param>
/// <param name="Clients">The number of parallel clients.</param>
/// <param name="Output">The directory of the logs, which are always kept there; null for a temporary one.</param>
internal sealed record CampaignOptions(int Seed, TimeSpan Duration, int Clients, string? Output)
{
    /// <summary>The maximum of stored bytes; beyond it clients delete instead of storing.</summary>
    public const long MaxLiveBytes = 512L * 1024 * 1024;

    /// <summary>The largest file, in bytes; sizes are distributed evenly over their logarithm.</summary>
    public const int MaxFileBytes = 32 * 1024 * 1024;

    // Its first faults are short and of five kinds, so that all of them happen within half a minute.
    private const int DefaultSeed = 10;
    private const int DefaultClients = 4;
    private static readonly TimeSpan s_defaultDuration = TimeSpan.FromSeconds(30);

    /// <summary>Gets the command that repeats the campaign.</summary>
    public string ReplayCommand =>
        string.Create(
            CultureInfo.InvariantCulture, $"bench/faults.sh --minutes {Duration.TotalMinutes:0.##} --seed {Seed} --clients {Clients}");

    public static CampaignOptions FromEnvironment() => new(
        Seed: (int)(Number("MEDIAASPIRE_FAULTS_SEED") ?? DefaultSeed),
        Duration: Number("MEDIAASPIRE_FAULTS_MINUTES") is { } minutes ? TimeSpan.FromMinutes(minutes) : s_defaultDuration,
        Clients: (int)(Number("MEDIAASPIRE_FAULTS_CLIENTS") ?? DefaultClients),
        Output: Environment.GetEnvironmentVariable("MEDIAASPIRE_FAULTS_OUTPUT") is { Length: > 0 } output ? output : null);

    private static double? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? double.Parse(text, CultureInfo.InvariantCulture) : null;
}
