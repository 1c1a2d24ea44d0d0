using MediaAspire.ServiceDefaults;

namespace MediaAspire.Api.Listeners;

/// <summary>Lets requests to the admin listener read the metrics and the details of health.</summary>
internal sealed class AdminDiagnosticsAccess(AdminListener admin) : IDiagnosticsAccess
{
    public ValueTask<bool> AllowsAsync(HttpContext context) => ValueTask.FromResult(admin.Received(context));
}
