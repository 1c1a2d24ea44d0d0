namespace MediaAspire.Api.Security;

internal static class CallerExtensions
{
    /// <summary>Gets the sender of a request; <see cref="Caller.Anonymous"/> before it is authenticated.</summary>
    public static Caller GetCaller(this HttpContext http) => http.Features.Get<Caller>() ?? Caller.Anonymous;

    /// <summary>Sets the sender, once, by the code that authenticated it.</summary>
    public static void SetCaller(this HttpContext http, Caller caller) => http.Features.Set(caller);
}
