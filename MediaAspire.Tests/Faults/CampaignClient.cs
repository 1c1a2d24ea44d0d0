using System.Globalization;

namespace MediaAspire.Tests.Faults;

/// <summary>A client that stores, reads and deletes at random, each time through one of its doors.</summary>
internal sealed class CampaignClient(
    int number, CampaignOptions options, CampaignModel model, CampaignLog log, FaultBoard board,
    Func<FileNumbers, IReadOnlyList<ICampaignDoor>> doors) : IDisposable
{
    private static readonly TimeSpan s_pauseAfterLoss = TimeSpan.FromMilliseconds(250);

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"client-{number}");
    private readonly Random _random = new(HashCode(options.Seed, number));
    private readonly IReadOnlyList<ICampaignDoor> _doors = doors(new(options.Seed, number));

    public void Dispose()
    {
        foreach (var door in _doors)
        {
            door.Dispose();
        }
    }

    /// <summary>Runs operations until it is cancelled; completes the current one.</summary>
    /// <exception cref="CampaignViolationException">A response violates a guarantee.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var door = _doors[_random.Next(_doors.Count)];
            var start = TimeProvider.System.GetTimestamp();
            if (await OperateAsync(door) is not { } operation)
            {
                continue;
            }

            Tell(door, operation, start);
            if (operation.IsFailure)
            {
                // A refused connection fails at once: without a pause the client would spin.
                await Task.Delay(s_pauseAfterLoss, TimeProvider.System, CancellationToken.None);
            }
        }
    }

    private Task<DoorOperation?> OperateAsync(ICampaignDoor door) => _random.Next(100) switch
    {
        < 35 => model.LiveBytes < CampaignOptions.MaxLiveBytes ? door.StoreAsync(_random) : door.DeleteAsync(_random),
        < 85 => door.ReadAsync(_random),
        < 95 => door.DeleteAsync(_random),
        _ => door.AskAsync(_random),
    };

    /// <summary>Logs and counts an operation. Failures without a cause are counted separately.</summary>
    private void Tell(ICampaignDoor door, DoorOperation operation, long start)
    {
        var outcome = operation.IsFailure && !board.WasInterruptedSince(start) ? $"{operation.Outcome} without cause" : operation.Outcome;
        log.Count($"{door.Name} {operation.Name}", outcome);
        log.Write(_name, $"{door.Name} {operation.Name} {operation.What}: {outcome} {operation.Detail}");
    }

    // System.HashCode differs from process to process.
    private static int HashCode(int seed, int number) => unchecked((seed * 1_000_003) ^ (number * 7_919));
}

/// <summary>The numbers of one client's files, which determine their bytes.</summary>
internal sealed class FileNumbers(int seed, int client)
{
    private int _given;

    public long Next() => ((long)seed << 32) | ((long)client << 24) | (uint)++_given;
}
