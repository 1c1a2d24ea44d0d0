using MediaAspire.Api.Limits;
using MediaAspire.Api.Security;

namespace MediaAspire.Api.Console;

/// <summary>The streams of events that a process sends at once.</summary>
internal sealed class EventStreamPlaces
{
    private const int Total = 500;
    private const int OfOneSender = 50;

    private readonly Places _places = new(Total, OfOneSender);

    /// <summary>Takes a place; <see langword="null"/> when all, or those of the sender, are taken.</summary>
    public Places.Holder? TryTake(HttpContext http)
    {
        var caller = http.GetCaller();
        return _places.TryTake(caller.KeyId ?? caller.Subject ?? $"{http.Connection.RemoteIpAddress}", limit: null);
    }
}
