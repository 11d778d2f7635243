// Day and clock by the system's own pickers, one after the other. Which moment that is, the core knows.
package cn.dianma.app.screens.orders

import android.app.Activity
import android.app.DatePickerDialog
import android.app.Dialog
import android.app.TimePickerDialog
import cn.dianma.core.ClockView

class PickTime(
    private val activity: Activity,
) {
    private var front: Dialog? = null

    fun ask(start: ClockView, done: (ClockView) -> Unit) {
        val day =
            DatePickerDialog(activity, { _, year, month, day ->
                val chosen = start.copy(year = year.toLong(), month = (month + 1).toUInt(), day = day.toUInt())
                askClock(chosen, done)
            }, start.year.toInt(), start.month.toInt() - 1, start.day.toInt())
        show(day)
    }

    /** The screen goes: an open picker must not outlive it. */
    fun close() {
        front?.dismiss()
        front = null
    }

    private fun askClock(start: ClockView, done: (ClockView) -> Unit) {
        val clock =
            TimePickerDialog(activity, { _, hour, minute ->
                done(start.copy(hour = hour.toUInt(), minute = minute.toUInt()))
            }, start.hour.toInt(), start.minute.toInt(), true)
        show(clock)
    }

    private fun show(dialog: Dialog) {
        close()
        front = dialog
        dialog.show()
    }
}
